import { Exec, type KubeConfig, type V1Status } from "@kubernetes/client-node";
import { PassThrough } from "node:stream";
import { OperationError } from "../errors/operation-error";
import type { ReadyPod } from "./port-forward";

/**
 * Runs a program in a container, as `kubectl exec` does.
 *
 * @param timeoutMs @default 20000
 * @returns what it wrote to stdout
 * @throws OperationError with what it wrote to stderr, when it fails or cannot be run
 */
export async function runInPod(
  connection: KubeConfig,
  { namespace, name, container }: ReadyPod,
  command: readonly string[],
  timeoutMs = 20_000,
): Promise<string> {
  const output = collected();
  const errors = collected();
  let stop: (() => void) | undefined;
  const status = await new Promise<V1Status>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new OperationError(`${command[0]} did not end in ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    stop = () => clearTimeout(timer);
    new Exec(connection)
      .exec(namespace, name, container, [...command], output.stream, errors.stream, null, false, resolve)
      .catch((error: unknown) => reject(new OperationError((error as Error).message)));
  }).finally(() => stop?.());
  if (status.status === "Success") return output.text();
  throw new OperationError(errors.text().trim() || (status.message ?? "it failed"));
}

function collected(): { readonly stream: PassThrough; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString() };
}
