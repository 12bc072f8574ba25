import { createHash, type Hash } from "node:crypto";
import { Parser, type ReadEntry } from "tar";
import { z } from "zod";
import { OperationError } from "../errors/operation-error";

/** The newest form of an archive that is known here. */
const format = 1;

/** How large a piece of a part may be, in bytes: those that are written are smaller. */
const pieceBytes = 64 * 1024 * 1024;

const half = "it is a half: its end, with the checksums, is missing";

/** The last file of an archive: without it the archive is a half. */
const manifestSchema = z.object({
  format: z.number(),
  application: z.string(),
  release: z.string(),
  /** When it was made: ISO 8601, UTC. */
  at: z.string(),
  parts: z.array(
    z.object({
      name: z.string(),
      /** Of all its pieces, one after another, in hexadecimal. */
      sha256: z.string(),
      documents: z.number().optional(),
      files: z.number().optional(),
    }),
  ),
});

/** What an archive says of itself, and how many bytes each part was found to have. */
export interface Archive extends Omit<z.output<typeof manifestSchema>, "parts"> {
  readonly parts: readonly (z.output<typeof manifestSchema>["parts"][number] & { readonly bytes: number })[];
}

/** A piece of a part of an archive. */
export interface Piece {
  readonly part: string;
  readonly data: Buffer;
}

/**
 * Reads an archive as it comes, and checks it: a tar file with the pieces of each part, `NAME/000000` and so on, and
 * `manifest.json` behind them.
 */
export class ArchiveReader {
  private readonly parser = new Parser({ strict: true });
  private readonly parts = new Map<string, { readonly hash: Hash; bytes: number; pieces: number }>();
  private ready: Piece[] = [];
  private manifest?: Buffer;
  private fault?: OperationError;
  private ended = false;

  /** @param name of the archive, in messages */
  constructor(private readonly name: string) {
    this.parser.on("entry", (entry: ReadEntry) => this.read(entry));
    this.parser.on("error", () =>
      this.refuse(this.ended ? half : "it is damaged, or no archive of npm run backup"),
    );
  }

  /**
   * Takes what comes next.
   *
   * @returns the pieces that are complete with it
   * @throws OperationError when it cannot be what follows
   */
  public take(data: Buffer): Piece[] {
    this.parser.write(data);
    return this.given();
  }

  /**
   * Takes the end.
   *
   * @throws OperationError when the archive is a half, was changed, or is of a newer form than this program knows
   */
  public end(): Archive {
    this.ended = true;
    this.parser.end();
    this.given();
    if (!this.manifest) {
      this.refuse(half);
      throw this.fault;
    }
    const said = manifestOf(this.manifest);
    if (said && said.format > format) {
      this.refuse(`its form is ${said.format}, and this program knows ${format}: use a newer one`);
    }
    const names = [...this.parts.keys()];
    if (!said || said.parts.map(({ name }) => name).join() !== names.join()) {
      this.refuse(`its list of parts is not what it holds (${names.join(", ")}): it was changed`);
    }
    const parts = (said?.parts ?? []).map((part) => {
      const found = this.parts.get(part.name);
      if (found?.hash.digest("hex") !== part.sha256) {
        this.refuse(`the checksum of ${part.name} is another one: it was damaged or changed`);
      }
      return { ...part, bytes: found?.bytes ?? 0 };
    });
    if (this.fault || !said) throw this.fault;
    return { ...said, parts };
  }

  private read(entry: ReadEntry): void {
    const pieces: Buffer[] = [];
    if (entry.size > pieceBytes || this.manifest)
      this.refuse("it holds what no archive of npm run backup does");
    entry.on("data", (data: Buffer) => pieces.push(data));
    entry.on("end", () => {
      const body = Buffer.concat(pieces);
      if (entry.path === "manifest.json") this.manifest = body;
      else this.piece(entry.path, body);
    });
  }

  private piece(path: string, data: Buffer): void {
    const [, part = "", number] = /^([a-z]+)\/(\d{6})$/.exec(path) ?? [];
    if (!part) this.refuse(`it holds ${JSON.stringify(path)}, which no archive of npm run backup does`);
    const known = this.parts.get(part) ?? { hash: createHash("sha256"), bytes: 0, pieces: 0 };
    if (Number(number) !== known.pieces || ([...this.parts.keys()].pop() !== part && known.pieces > 0)) {
      this.refuse(`${path} is not what follows there: it was changed`);
    }
    known.hash.update(data);
    this.parts.set(part, { ...known, bytes: known.bytes + data.length, pieces: known.pieces + 1 });
    this.ready.push({ part, data });
  }

  private refuse(why: string): void {
    this.fault ??= new OperationError(`${this.name}: ${why}: nothing of it is used`);
  }

  private given(): Piece[] {
    if (this.fault) throw this.fault;
    const given = this.ready;
    this.ready = [];
    return given;
  }
}

function manifestOf(text: Buffer): z.output<typeof manifestSchema> | undefined {
  try {
    return manifestSchema.parse(JSON.parse(text.toString()));
  } catch {
    return undefined;
  }
}

/** Bytes for people. */
export function size(bytes: number): string {
  const [unit, divisor] = bytes < 1e6 ? ["kB", 1e3] : bytes < 1e9 ? ["MB", 1e6] : ["GB", 1e9];
  return `${(bytes / Number(divisor)).toFixed(1)} ${unit}`;
}

/** What is in an archive, part by part, for people. */
export function contents({ parts }: Archive): string {
  return parts
    .map(({ name, bytes, documents, files }) => {
      const count = documents === undefined ? `${files} files` : `${documents} documents`;
      return `${name}: ${count}, ${size(bytes)}`;
    })
    .join("; ");
}
