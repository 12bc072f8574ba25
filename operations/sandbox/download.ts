import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, mkdtemp, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as tar from "tar";
import { type Dispatcher, EnvHttpProxyAgent, interceptors, request } from "undici";
import type { ComponentName } from "./components";
import { publishedChecksum, type ReleaseFile } from "./release-servers";
import type { Environment } from "./toolchain";

/** A program that is downloaded. */
export interface Wanted {
  readonly name: ComponentName;
  readonly file: ReleaseFile;
  /** Folder that it is put in, under its name; there is none yet. */
  readonly directory: string;
}

/** Why a program was not downloaded. */
export interface DownloadFailure {
  readonly name: ComponentName;
  /** Such as `dl.k8s.io`. */
  readonly server: string;
  /** Such as `no connection in 4 s`; the same words where one cause keeps several programs away. */
  readonly reason: string;
}

export interface DownloadProps {
  readonly wanted: readonly Wanted[];
  /** Folder for what is unfinished, on the same file system as the programs' folders. */
  readonly unfinishedPrefix: string;
  /** `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are honoured, in small letters too. */
  readonly environment: Environment;
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
  const failures: DownloadFailure[] = [];
  try {
    const texts = new Map<string, Promise<string>>();
    const textAt = (url: string): Promise<string> => {
      const known = texts.get(url) ?? get(url, client, props.signal).then(({ body }) => body.text());
      texts.set(url, known);
      return known;
    };
    /** Whether it went well. */
    const attempt = async ({ name }: Wanted, url: string, work: () => Promise<void>): Promise<boolean> => {
      try {
        await work();
        return true;
      } catch (error) {
        const reason = explain(error as NodeJS.ErrnoException, answerMs);
        failures.push({ name, server: new URL(url).host, reason });
        return false;
      }
    };

    const verifiable = await Promise.all(
      props.wanted.map(async (wanted) => {
        let checksum: string | undefined;
        const { url } = wanted.file.checksum;
        await attempt(wanted, url, async () => {
          checksum = publishedChecksum(wanted.file, await textAt(url));
          if (checksum === undefined) throw new Unusable("no checksum is published for it");
        });
        return checksum === undefined ? [] : [{ wanted, checksum }];
      }),
    );
    const transfers = verifiable
      .flat()
      .map((each) => ({ ...each, bytes: 0, total: undefined as number | undefined }));
    const report = (): void => {
      const totals = transfers.map(({ total }) => total);
      props.onProgress?.(
        transfers.length,
        sum(transfers.map(({ bytes }) => bytes)),
        totals.includes(undefined) ? undefined : sum(totals as number[]),
      );
    };
    await Promise.all(
      transfers.map((transfer) =>
        attempt(transfer.wanted, transfer.wanted.file.url, () => download(transfer, props, client, report)),
      ),
    );
    // Not sooner: each clears away what it has not finished.
    props.signal?.throwIfAborted();
    return failures;
  } finally {
    await agent.destroy();
  }
}

interface Transfer {
  readonly wanted: Wanted;
  readonly checksum: string;
  bytes: number;
  total: number | undefined;
}

async function download(
  transfer: Transfer,
  { unfinishedPrefix, signal }: DownloadProps,
  client: Dispatcher,
  report: () => void,
): Promise<void> {
  const { name, file, directory } = transfer.wanted;
  const unfinished = await mkdtemp(unfinishedPrefix);
  try {
    const program = path.join(unfinished, name);
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
    // The whole folder at once: what has its final name is complete, and is what was published.
    await rename(unfinished, directory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
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
  let saved: Promise<void> | undefined;
  let fault: string | undefined;
  const parser = new tar.Parser({
    filter: (file, entry) => path.posix.basename(file) === name && "type" in entry && entry.type === "File",
    onReadEntry: (entry) => {
      saved ??= pipeline(Readable.from(entry as AsyncIterable<Buffer>), createWriteStream(destination));
      saved.then(
        () => (complete = true),
        (error: Error) => (fault = error.message),
      );
    },
  });
  let complete = false;
  parser.on("error", (error: Error) => (fault = `it is no archive: ${error.message}`));
  for await (const chunk of chunks) {
    // What follows is only read for the checksum. The disk is not waited for: it is faster than the network.
    if (!complete && fault === undefined) parser.write(chunk);
  }
  if (!complete) parser.end();
  await saved?.catch(() => undefined);
  return fault ?? (saved === undefined ? `there is no ${name} in it` : undefined);
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

function explain(error: NodeJS.ErrnoException, answerMs: number): string {
  if (error instanceof Unusable) return error.message;
  const wait = `in ${Math.round(answerMs / 100) / 10} s`;
  switch (error.code) {
    case "UND_ERR_CONNECT_TIMEOUT":
      return `no connection ${wait}`;
    case "UND_ERR_HEADERS_TIMEOUT":
      return `no answer ${wait}`;
    case "UND_ERR_BODY_TIMEOUT":
      return "its answer stopped";
    case "UND_ERR_SOCKET":
    case "UND_ERR_RES_CONTENT_LENGTH_MISMATCH":
      return "its answer was cut off";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "no such host is known here";
    case undefined:
      return error.message;
    default:
      return error.code;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
