import type { Encrypter } from "age-encryption";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { OperationError } from "../errors/operation-error";
import { fileError } from "../errors/file-error";
import { InterruptedError } from "../errors/interrupted-error";
import type { Interruption } from "../terminal/interruption";
import type { Progress } from "../terminal/progress";
import { type Archive, ArchiveReader, size } from "./archive";
import type { BackupPod } from "./backup-pod";
import { decrypted, encrypted } from "./encryption";

export interface SaveProps {
  readonly pod: BackupPod;
  /** Absolute, or relative to the working directory: see {@link prepare}. */
  readonly file: string;
  /** @default - it is not encrypted */
  readonly encrypter?: Encrypter;
  /** The process's environment, which says where keys of age are. */
  readonly variables: NodeJS.ProcessEnv;
  /** One that the schedule made, or `newest`. @default - the data as it is */
  readonly scheduled?: string;
  readonly interruption: Interruption;
  readonly progress: Progress;
}

/**
 * Writes an archive of a release's data, as it comes from its pod and checked on the way. Only a whole one gets its name.
 *
 * @throws OperationError when there is such a file, or the archive is not whole
 */
export async function save({ pod, file, interruption, progress, ...props }: SaveProps): Promise<Archive> {
  const kept = props.scheduled === undefined ? undefined : await scheduled(pod, props.scheduled);
  const { encrypter, variables } = props;
  if (isEncrypted(kept) && !encrypter) {
    throw new OperationError(
      `--scheduled: found ${kept}, which is encrypted, and no public key for the file that is to be written: name one with --recipient`,
    );
  }
  const partial = `${file}.${randomBytes(3).toString("hex")}.partial`;
  const remove = (): void => fs.rmSync(partial, { force: true });
  process.once("exit", remove);
  try {
    const reader = new ArchiveReader(path.basename(file));
    const output = new PassThrough({ highWaterMark: 1024 * 1024 });
    let bytes = 0;
    const checked = async function* () {
      for await (const chunk of isEncrypted(kept) ? await decrypted(kept, output, variables) : output) {
        for (const { part } of reader.take(chunk as Buffer)) progress.status(`${part}: ${size(bytes)}`, part);
        bytes += (chunk as Buffer).length;
        yield chunk;
      }
    };
    const text = Readable.from(checked());
    const target = fs.createWriteStream(partial, { flags: "wx", mode: 0o600, flush: true });
    const written = (encrypter ? encrypted(text, encrypter) : Promise.resolve(text))
      .then((whole) => pipeline(whole, target))
      .catch((error: NodeJS.ErrnoException) => {
        throw error.syscall === undefined ? error : unwritable(file, error);
      });
    const running = pod.run(kept === undefined ? ["save"] : ["fetch", kept], { take: output });
    // What cannot be written need not be read any more; what was not read to its end has no end.
    written.catch((error: Error) => output.destroy(error));
    running.catch((error: Error) => output.destroy(error));
    await Promise.all([running, written]);
    const archive = reader.end();
    refuseExisting(file);
    fs.renameSync(partial, file);
    return archive;
  } catch (error) {
    if (interruption.signal.aborted) throw new InterruptedError("interrupted: no archive was written");
    throw error;
  } finally {
    remove();
    process.off("exit", remove);
  }
}

/**
 * Refuses what an archive cannot be written to, and makes the folder of what it can.
 *
 * @throws OperationError
 */
export function prepare(file: string): void {
  refuseExisting(file);
  try {
    fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  } catch (error) {
    throw unwritable(file, error as NodeJS.ErrnoException);
  }
}

function refuseExisting(file: string): void {
  if (file === "" || fs.existsSync(file)) {
    const found = file === "" ? "an empty name" : `${file}, which is there already`;
    throw new OperationError(`--to: found ${found}: expected a new file; name another, or remove it`);
  }
}

function unwritable(file: string, error: NodeJS.ErrnoException): OperationError {
  const why = fileError({ path: file, ...error })?.why ?? error.code;
  return new OperationError(`--to: found ${file}, which cannot be written: ${why}: name another place`);
}

/** Whether one that the schedule made is encrypted. */
function isEncrypted(kept: string | undefined): kept is string {
  return kept?.endsWith(".age") ?? false;
}

async function scheduled(pod: BackupPod, name: string): Promise<string> {
  const kept = (await pod.ask(["kept"])).split("\n").filter(Boolean);
  const found = name === "newest" ? kept[0] : kept.find((one) => one === name);
  if (found) return found;
  throw new OperationError(
    `--scheduled: found ${name}, which the schedule has not made, or not kept (there are: ${kept.join(", ") || "none yet"})`,
  );
}
