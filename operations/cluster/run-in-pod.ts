import { Exec, type KubeConfig, type V1Status } from "@kubernetes/client-node";
import { PassThrough } from "node:stream";
import type { PodProgram, PodRun } from "../../applications/pod-program";
import { OperationError } from "../errors/operation-error";
import { kubeletAway, withoutRequests } from "./kubelet-away";
import type { ReadyPod } from "./port-forward";

/**
 * Runs a program in a container to its end, however it ends, as `kubectl exec` does.
 *
 * @param kubectl how a command for people begins that asks the cluster
 * @throws OperationError when it cannot be run, or is still running after its time
 */
export async function runInPod(
  connection: KubeConfig,
  { namespace, name, container, node }: ReadyPod,
  { command, answers = [], timeoutMs = 20_000 }: PodProgram,
  kubectl: string,
): Promise<PodRun> {
  // It is never ended: the library would close the connection with it.
  const input = answers.length ? new PassThrough() : null;
  const output = collected(input ? answering(answers, input) : undefined);
  const errors = collected();
  let close = (): void => undefined;
  const failed = (said: string): OperationError =>
    kubeletAway(said, node, kubectl) ?? new OperationError(withoutRequests(said));
  const status = await new Promise<V1Status>((resolve, reject) => {
    const timer = setTimeout(() => reject(late(name, node, kubectl, timeoutMs)), timeoutMs);
    let ended = false;
    close = () => {
      ended = true;
      clearTimeout(timer);
    };
    new Exec(connection)
      .exec(namespace, name, container, [...command], output.stream, errors.stream, input, false, resolve)
      .then((socket) => {
        // At once: it would keep this process until the other side has said goodbye.
        if (ended) return socket.terminate();
        close = () => {
          clearTimeout(timer);
          socket.terminate();
        };
        socket.on("close", () => reject(failed(`the connection to ${name} ended before ${command[0]} did`)));
      })
      .catch((error: unknown) => reject(failed((error as Error).message)));
  }).finally(() => close());
  const ended = { stdout: output.text(), stderr: errors.text() };
  if (status.status === "Success") return { exitCode: 0, ...ended };
  const exitCode = status.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  if (exitCode !== undefined) return { exitCode: Number(exitCode), ...ended };
  throw failed(errors.text().trim() || (status.message ?? "it failed"));
}

/** What is asked gives up earlier by itself: it was not begun, or its end did not come back. */
function late(pod: string, node: string, kubectl: string, timeoutMs: number): OperationError {
  const found = `what was to run in ${pod} on the node ${node} did not end in ${timeoutMs / 1000} s`;
  const next = `${kubectl} describe node ${node}`;
  return new OperationError(`${found}: ${next}`, { found, next });
}

/** Writes each line once its question was asked: what comes before that, a program that asks anew for each does not read. */
function answering(answers: Required<PodProgram>["answers"], input: PassThrough): (output: string) => void {
  const left = [...answers];
  let read = 0;
  return (output) => {
    for (let [next] = left; next; [next] = left) {
      const at = output.indexOf(next.asked, read);
      if (at < 0) return;
      read = at + next.asked.length;
      input.write(`${next.line}\n`);
      left.shift();
    }
  };
}

function collected(seen?: (output: string) => void): { readonly stream: PassThrough; text(): string } {
  const chunks: Buffer[] = [];
  const text = (): string => Buffer.concat(chunks).toString();
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    seen?.(text());
  });
  return { stream, text };
}
