import { Exec, type KubeConfig, type V1Status } from "@kubernetes/client-node";
import { PassThrough } from "node:stream";
import { OperationError } from "../errors/operation-error";
import { kubeletAway, withoutRequests } from "./kubelet-away";
import type { ReadyPod } from "./port-forward";

/**
 * Runs a program in a container, as `kubectl exec` does.
 *
 * @param kubectl how a command for people begins that asks the cluster
 * @param timeoutMs @default 20000
 * @returns what it wrote to stdout
 * @throws OperationError with what it wrote to stderr, when it fails or cannot be run
 */
export async function runInPod(
  connection: KubeConfig,
  { namespace, name, container, node }: ReadyPod,
  command: readonly string[],
  kubectl: string,
  timeoutMs = 20_000,
): Promise<string> {
  const output = collected();
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
      .exec(namespace, name, container, [...command], output.stream, errors.stream, null, false, resolve)
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
  if (status.status === "Success") return output.text();
  throw failed(errors.text().trim() || (status.message ?? "it failed"));
}

/** What is asked gives up earlier by itself: it was not begun, or its end did not come back. */
function late(pod: string, node: string, kubectl: string, timeoutMs: number): OperationError {
  const found = `what was to run in ${pod} on the node ${node} did not end in ${timeoutMs / 1000} s`;
  const next = `${kubectl} describe node ${node}`;
  return new OperationError(`${found}: ${next}`, { found, next });
}

function collected(): { readonly stream: PassThrough; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString() };
}
