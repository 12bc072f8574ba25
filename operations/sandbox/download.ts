import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import * as tar from "tar";
import { type Dispatcher, EnvHttpProxyAgent, interceptors, request } from "undici";
import { completeFolder } from "./complete-folder";
import type { ComponentName } from "./components";
import { publishedChecksum, type ReleaseFile } from "./release-servers";

/** A program that is downloaded. */
export interface Wanted {
  readonly name: ComponentName;
  /** Undefined where none is released for this machine. */
  readonly file: ReleaseFile | undefined;
  /** Folder that it is put in, under its name; there is none yet. */
  readonly directory: string;
}

/** Why a program was not downloaded. */
export interface DownloadFailure {
  readonly name: ComponentName;
  /** Such as `dl.k8s.io`. @default - none has it */
  readonly server?: string;
  /** Such as `no connection in 4 s`; the same words where one cause keeps several programs away. */
  readonly reason: string;
}

export interface DownloadProps {
  readonly wanted: readonly Wanted[];
  /** `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are honoured, in small letters too. */
  readonly environment: NodeJS.ProcessEnv;
  /** How long a server may take to be connected with, and then to begin its answer. @default 4000 */
  readonly answerMs?: number;
  /** How long an answer may pause. @default 15000 */
  readonly pauseMs?: number;
  /** @default - nothing stops it */
  readonly signal?: AbortSignal;
  /** Told how much has arrived, and how much there is, if every server says so. @default - nobody is told */
  readonly onProgress?: (programs: number, bytes: number, totalBytes: number | undefined) => void;
}

/**
 * Downloads programs, all at once, and puts those in place whose checksum is the published one. Nothing is left of others.
 *
 * The checksums come first: a server that does not answer costs one wait, whatever is wanted from it.
 *
 * @returns those that could not be had
 * @throws the reason of the signal, when it is aborted
 */
export async function downloadPrograms(props: DownloadProps): Promise<DownloadFailure[]> {
  const answerMs = props.answerMs ?? 4000;
  const variable = (name: string) => props.environment[name.toLowerCase()] ?? props.environment[name] ?? "";
  const agent = new EnvHttpProxyAgent({
    httpProxy: variable("HTTP_PROXY"),
    httpsProxy: variable("HTTPS_PROXY"),
    noProxy: variable("NO_PROXY"),
    connect: { timeout: answerMs },
    headersTimeout: answerMs,
    bodyTimeout: props.pauseMs ?? 15_000,
  });
  const client = agent.compose(interceptors.redirect({ maxRedirections: 5 }));
  const texts = new Map<string, Promise<string>>();
  const textAt = (url: string): Promise<string> => {
    const text = texts.get(url) ?? get(url, client, props.signal).then(({ body }) => body.text());
    texts.set(url, text);
    return text;
  };
  const transfers: Transfer[] = [];
  const report = (): void => {
    const totals = transfers.map(({ total }) => total);
    props.onProgress?.(
      transfers.length,
      sum(transfers.map(({ bytes }) => bytes)),
      totals.includes(undefined) ? undefined : sum(totals as number[]),
    );
  };
  try {
    const failures = await Promise.all(
      props.wanted.map(async ({ name, file, directory }): Promise<DownloadFailure[]> => {
        if (!file) return [{ name, reason: `not released for ${process.platform} on ${process.arch}` }];
        let { url } = file.checksum;
        try {
          const checksum = publishedChecksum(file, await textAt(url));
          if (checksum === undefined) throw new Unusable("no checksum is published for it");
          url = file.url;
          const transfer: Transfer = { name, file, directory, checksum, bytes: 0, total: undefined };
          transfers.push(transfer);
          await download(transfer, props, client, report);
          return [];
        } catch (error) {
          const reason = explain(error as NodeJS.ErrnoException, answerMs);
          return [{ name, server: new URL(url).host, reason }];
        }
      }),
    );
    // Not sooner: each clears away what it has not finished.
    props.signal?.throwIfAborted();
    return failures.flat();
  } finally {
    await agent.destroy();
  }
}

interface Transfer extends Wanted {
  readonly file: ReleaseFile;
  readonly checksum: string;
  bytes: number;
  total: number | undefined;
}

async function download(
  transfer: Transfer,
  { signal }: DownloadProps,
  client: Dispatcher,
  report: () => void,
): Promise<void> {
  const { name, file, directory } = transfer;
  const { body, headers } = await get(file.url, client, signal);
  transfer.total = Number(headers["content-length"]) || undefined;
  const hash = createHash("sha256");
  const meter = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      transfer.bytes += chunk.length;
      report();
      yield chunk;
    }
  };
  await completeFolder(directory, async (unfinished) => {
    const program = path.join(unfinished, name);
    let missing: string | undefined;
    if (file.archive) missing = await extract(meter(body), name, program);
    else await pipeline(body, meter, createWriteStream(program));

    const found = hash.digest("hex");
    if (found !== transfer.checksum) {
      throw new Unusable(
        `its checksum ${found.slice(0, 12)}… is not the published ${transfer.checksum.slice(0, 12)}…`,
      );
    }
    if (missing !== undefined) throw new Unusable(missing);
    await chmod(program, 0o755);
  });
}

/**
 * Reads a .tgz to its end and keeps one file of it.
 *
 * @returns why it is not there, if it is not
 */
async function extract(
  chunks: AsyncIterable<Buffer>,
  name: string,
  destination: string,
): Promise<string | undefined> {
  let fault: string | undefined = `there is no ${name} in it`;
  const unpack = tar.x({
    cwd: path.dirname(destination),
    filter: (file, entry) => path.posix.basename(file) === name && "type" in entry && entry.type === "File",
    // All of it goes to the one name, wherever in the archive it lies.
    onReadEntry: (entry) => {
      entry.path = name;
      fault = undefined;
    },
  });
  unpack.on("error", (error: Error) => (fault = `it is no archive: ${error.message}`));
  const end = new Promise((resolve) => unpack.once("close", resolve).once("error", resolve));
  // What is no archive is read all the same, for the checksum.
  for await (const chunk of chunks) unpack.write(chunk);
  unpack.end();
  await end;
  return fault;
}

async function get(
  url: string,
  dispatcher: Dispatcher,
  signal: AbortSignal | undefined,
): Promise<Dispatcher.ResponseData> {
  const response = await request(url, {
    dispatcher,
    // GitHub's API refuses who does not say a name.
    headers: { "user-agent": "llm-platform" },
    ...(signal && { signal }),
  });
  if (response.statusCode === 200) return response;
  await response.body.dump();
  throw new Unusable(`answered ${response.statusCode} for ${new URL(url).pathname}`);
}

/** What came is not what can be used. */
class Unusable extends Error {}

/** By the code of an error of the HTTP client. */
const reasons: { readonly [code: string]: string } = {
  UND_ERR_CONNECT_TIMEOUT: "no connection",
  UND_ERR_HEADERS_TIMEOUT: "no answer",
  UND_ERR_BODY_TIMEOUT: "its answer stopped",
  UND_ERR_SOCKET: "its answer was cut off",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "its answer was cut off",
  ENOTFOUND: "no such host is known here",
  EAI_AGAIN: "no such host is known here",
};

function explain({ code, message }: NodeJS.ErrnoException, answerMs: number): string {
  if (code === undefined) return message;
  const reason = reasons[code] ?? code;
  return /^no (connection|answer)$/.test(reason)
    ? `${reason} in ${Math.round(answerMs / 100) / 10} s`
    : reason;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
