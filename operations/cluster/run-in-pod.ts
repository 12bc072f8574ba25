import type { KubeConfig, V1Status } from "@kubernetes/client-node";
import { finished, PassThrough, type Writable } from "node:stream";
import type { PodProgram, PodRun } from "../../applications/pod-program";
import { OperationError } from "../errors/operation-error";
import { kubernetesClient } from "./kubernetes-client";
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
  pod: ReadyPod,
  { command, answers = [], timeoutMs = 20_000 }: PodProgram,
  kubectl: string,
): Promise<PodRun> {
  // It is never ended: the library would close the connection with it.
  const input = answers.length ? new PassThrough() : null;
  const output = collected(input ? answering(answers, input) : undefined);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(late(pod.name, pod.node, kubectl, timeoutMs)), timeoutMs);
  const streams = { input, output: output.stream, signal: patience.signal };
  const ended = await execute(connection, pod, command, streams, kubectl).finally(() => clearTimeout(timer));
  return { ...ended, stdout: output.text() };
}

/** What {@link streamInPod} gives a program and takes of it. */
export interface PodStreams {
  /** For its standard input, whose end it must know by itself. @default - none */
  readonly data?: AsyncIterable<Buffer>;
  /** Takes its standard output, and is closed at the end; closed before, it ends the connection. @default - it is thrown away */
  readonly take?: Writable;
  /** Ends the connection, with its reason. */
  readonly signal: AbortSignal;
  /** Without a sign of life for so long, it is given up. @default 60000 */
  readonly silenceMs?: number;
}

/**
 * The same with streams: as fast as the slower side, and as long as it takes. What has nothing to say for long gives a sign of life
 * meanwhile, so that a connection that is dead is not waited for.
 *
 * @returns how it ended, and what it said of that
 * @throws OperationError when it cannot be run, or nothing comes of it any more
 */
export async function streamInPod(
  connection: KubeConfig,
  pod: ReadyPod,
  command: readonly string[],
  { data, take = new PassThrough().resume(), signal, silenceMs = 60_000 }: PodStreams,
  kubectl: string,
): Promise<Omit<PodRun, "stdout">> {
  const silence = new AbortController();
  const untaken = new AbortController();
  finished(take, { readable: false }, (error) => {
    if (error) untaken.abort(error);
  });
  let timer: NodeJS.Timeout | undefined;
  const unheard = (): void => clearTimeout(timer);
  let isOver = false;
  const heard = (): void => {
    unheard();
    // What had come before the end is still told of after it.
    if (isOver) return;
    timer = setTimeout(() => silence.abort(silent(pod, kubectl, silenceMs)), silenceMs);
  };
  // The library asks for standard input where there is a stream, and sends what comes on it without waiting.
  const input = data ? new PassThrough() : null;
  const opened = (socket: ExecSocket): void => {
    heard();
    socket.on("message", heard);
    const write = take.write.bind(take) as (chunk: Buffer) => boolean;
    take.on("drain", () => {
      heard();
      socket.resume();
    });
    Object.assign(take, {
      write: (chunk: Buffer) => {
        const more = write(chunk);
        if (!more) {
          unheard();
          socket.pause();
        }
        return more;
      },
    });
    // What the program did not take any more shows in how it ended.
    if (data) void sent(socket, data).catch(() => undefined);
  };
  const program = ["sh", "-c", signsOfLife(silenceMs / 6), "sh", ...command];
  const ends = AbortSignal.any([signal, silence.signal, untaken.signal]);
  const streams = { input, output: take, signal: ends, opened };
  const { exitCode, stderr } = await execute(connection, pod, program, streams, kubectl).finally(() => {
    isOver = true;
    unheard();
  });
  return { exitCode, stderr: stderr.replace(/\n+/g, "\n") };
}

/** Runs its arguments, and writes an empty line to standard error every so often. */
function signsOfLife(everyMs: number): string {
  // What sleeps on once all is over must not keep the streams open.
  const signs = `(while sleep ${everyMs / 1000} >/dev/null 2>&1; do echo >&2 || exit; done) >/dev/null &`;
  return `${signs} trap "kill $!" EXIT; "$@"`;
}

function silent({ namespace, name, node }: ReadyPod, kubectl: string, silenceMs: number): OperationError {
  const found = `nothing has come from ${namespace}/${name} on the node ${node} for ${silenceMs / 1000} s, not even a sign of life, which it gives every ${silenceMs / 6000} s: the pod, its node or the way there is gone`;
  const next = `${kubectl} describe node ${node}\nthen run this again`;
  return new OperationError(`${found}: ${next}`, { found, next });
}

/** What the library's type leaves open: a WebSocket of the package ws. */
interface ExecSocket {
  on(event: "close" | "message", listener: () => void): void;
  send(data: Buffer, sent: (error?: Error) => void): void;
  pause(): void;
  resume(): void;
  terminate(): void;
}

const standardInput = 0;

async function sent(socket: ExecSocket, data: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of data) {
    for (let at = 0; at < chunk.length; at += messageBytes) {
      const message = Buffer.concat([Buffer.of(standardInput), chunk.subarray(at, at + messageBytes)]);
      await new Promise<void>((resolve, reject) =>
        socket.send(message, (error) => (error ? reject(error) : resolve())),
      );
    }
  }
}

/** API servers refuse messages that are much longer. */
const messageBytes = 32 * 1024;

interface ExecStreams {
  readonly input: PassThrough | null;
  readonly output: Writable;
  readonly signal: AbortSignal;
  readonly opened?: (socket: ExecSocket) => void;
}

async function execute(
  connection: KubeConfig,
  { namespace, name, container, node }: ReadyPod,
  command: readonly string[],
  { input, output, signal, opened }: ExecStreams,
  kubectl: string,
): Promise<Omit<PodRun, "stdout">> {
  const errors = collected();
  let close = (): void => undefined;
  const failed = (said: string): OperationError =>
    kubeletAway(said, node, kubectl) ?? new OperationError(withoutRequests(said));
  const status = await new Promise<V1Status>((resolve, reject) => {
    const give = (): void => reject(signal.reason as Error);
    if (signal.aborted) return give();
    signal.addEventListener("abort", give);
    let ended = false;
    close = () => {
      ended = true;
    };
    const { Exec } = kubernetesClient("exec");
    new Exec(connection)
      .exec(namespace, name, container, [...command], output, errors.stream, input, false, resolve)
      .then((answered) => {
        const socket = answered as unknown as ExecSocket;
        // At once: it would keep this process until the other side has said goodbye.
        if (ended) return socket.terminate();
        close = () => socket.terminate();
        socket.on("close", () => reject(failed(`the connection to ${name} ended before its program did`)));
        opened?.(socket);
      })
      .catch((error: unknown) => reject(failed((error as Error).message)));
  }).finally(() => close());
  const stderr = errors.text();
  if (status.status === "Success") return { exitCode: 0, stderr };
  const exitCode = status.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  if (exitCode !== undefined) return { exitCode: Number(exitCode), stderr };
  throw failed(stderr.trim() || (status.message ?? "it failed"));
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
