import type { Readable } from "node:stream";
import { InterruptedError } from "../errors/interrupted-error";
import type { Interruption } from "../terminal/interruption";
import type { Progress } from "../terminal/progress";
import { type Archive, ArchiveReader, type Piece, size } from "./archive";
import type { BackupPod } from "./backup-pod";

/**
 * Reads an archive to its end, and changes nothing.
 *
 * @param name of it, in messages
 * @param source its text, decrypted
 * @throws OperationError when it is a half, was changed, or is of a newer form
 */
export async function checked(name: string, source: Readable): Promise<Archive> {
  const reader = new ArchiveReader(name);
  for await (const chunk of source) reader.take(chunk as Buffer);
  return reader.end();
}

export interface RestorePartsProps {
  readonly pod: BackupPod;
  readonly archive: Archive;
  /** Name of it, in messages. */
  readonly name: string;
  /** Its text, decrypted, from its beginning. */
  readonly source: Readable;
  readonly interruption: Interruption;
  readonly progress: Progress;
}

/**
 * Puts what an archive holds in the place of what is there, part by part.
 *
 * @throws OperationError when a part fails: what was before it is restored
 */
export async function restoreParts({
  pod,
  archive,
  name,
  source,
  interruption,
  progress,
}: RestorePartsProps): Promise<void> {
  const pieces = piecesOf(name, source);
  let next = await pieces.next();
  for (const { name: part, bytes } of archive.parts) {
    const data = async function* (): AsyncGenerator<Buffer> {
      for (let sent = 0; !next.done && next.value.part === part;) {
        const { data } = next.value;
        sent += data.length;
        // Before it is given away: who takes the last piece of a part need not ask for more.
        next = await pieces.next();
        yield data;
        progress.status(`${part}: ${size(sent)} of ${size(bytes)}`, part);
      }
    };
    progress.status(`${part}: ${size(bytes)}`, part);
    try {
      await pod.run(["restore", part, String(bytes)], { data: data() });
    } catch (error) {
      if (!interruption.signal.aborted) throw error;
      throw new InterruptedError(
        `interrupted: the data is restored in part (${part} is not): run this again, which restores all of it`,
      );
    }
  }
}

async function* piecesOf(name: string, source: Readable): AsyncGenerator<Piece, undefined> {
  const reader = new ArchiveReader(name);
  for await (const chunk of source) yield* reader.take(chunk as Buffer);
  reader.end();
  return undefined;
}
