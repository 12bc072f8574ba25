import { createHash, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { providerLockFile } from "../../settings/provider-lock-file";

/** What the files of a synthesis were made from, and what they were then. */
interface Made {
  readonly from: string;
  readonly files: string;
}

export interface SynthesisInputs {
  /** The repository, absolute. */
  readonly root: string;
  /** Everything that the program may read of its environment. */
  readonly variables: NodeJS.ProcessEnv;
  /** Where it writes, absolute. */
  readonly output: string;
}

/** What lies in the repository and no synthesis reads; nor what Terraform keeps in a folder, which may hold links. */
const isUnread = (name: string): boolean =>
  /^(\..*|node_modules|cdktf\.out|credentials|state|docs|__tests__)$/.test(name) && name !== providerLockFile;

/** Variables that differ from one run of the same to the next, and credentials, which a synthesis has no part of. */
const irrelevant = /^(TF_VAR_.*|npm_.*|_|SHLVL|PWD|OLDPWD|INIT_CWD|COLUMNS|LINES)$/;

/**
 * Synthesizes, or leaves what was synthesized before where nothing differs of what it was made from: the same input has the same
 * output. A file is the same where neither its place on the disk nor any of its times has changed.
 */
export async function unlessMade(inputs: SynthesisInputs, synthesize: () => Promise<void>): Promise<void> {
  const { output } = inputs;
  const record = path.join(output, "synthesis.json");
  // Before it is read: what changes meanwhile makes the next one anew.
  const from = inputStamp(inputs);
  const known = readMade(record);
  if (known && known.from === from && known.files === outputStamp(output)) return;
  fs.rmSync(record, { force: true });
  await synthesize();
  // Another one ended meanwhile, perhaps of another input: whose files these are is not known.
  if (fs.existsSync(record)) return fs.rmSync(record, { force: true });
  fs.writeFileSync(record, JSON.stringify({ from, files: outputStamp(output) } satisfies Made));
}

function readMade(file: string): Partial<Made> | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as Partial<Made>;
  } catch {
    // None was made, or its writer was cut off.
    return undefined;
  }
}

function inputStamp({ root, variables, output }: SynthesisInputs): string {
  const said = Object.entries(variables)
    .filter(([name]) => !irrelevant.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const packages = path.join(root, "node_modules");
  const isRead = (file: string, { name }: fs.Dirent): boolean =>
    file !== output && name !== ".terraform" && !(path.dirname(file) === root && isUnread(name));
  return stamp([
    process.version,
    JSON.stringify(said),
    ...stamps(root, isRead),
    // npm writes the one when it has installed anything; the other is a link in a second working tree.
    ...[packages, path.join(packages, ".package-lock.json")].map(fileStamp),
    ...(variables.CHARTS_DIR ? stamps(path.resolve(root, variables.CHARTS_DIR)) : []),
  ]);
}

/** Of what a synthesis wrote: Terraform keeps files of its own beside it, and writes into the lock, which must be there. */
function outputStamp(output: string): string {
  const ours = /^((manifest|warnings)\.json|stacks(\/[^/]+(\/(cdk\.tf\.json|assets(\/.*)?))?)?)$/;
  const stacks = path.join(output, "stacks");
  const locked = (fs.existsSync(stacks) ? fs.readdirSync(stacks) : []).filter((stack) =>
    fs.existsSync(path.join(stacks, stack, providerLockFile)),
  );
  return stamp([...stamps(output, (file) => ours.test(path.relative(output, file))), ...locked]);
}

/** Each file in a folder, however deep; itself where it cannot be read. @param isMeant whether a file, or what is in a folder, counts. @default - all do */
function stamps(folder: string, isMeant: (file: string, entry: fs.Dirent) => boolean = () => true): string[] {
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [fileStamp(folder)];
  }
  return entries
    .map((entry) => ({ entry, file: path.join(folder, entry.name) }))
    .filter(({ entry, file }) => isMeant(file, entry))
    .flatMap(({ entry, file }) => {
      if (entry.isDirectory()) return stamps(file, isMeant);
      // What changes behind a link to a folder is not seen here, so that nothing is the same.
      const isLink = entry.isSymbolicLink() && fs.existsSync(`${file}/`);
      return [isLink ? randomUUID() : fileStamp(file)];
    })
    .sort();
}

function fileStamp(file: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = fs.statSync(file, { bigint: true });
    return [file, ino, size, mtimeNs, ctimeNs].join(" ");
  } catch (error) {
    // Not there, a link to itself, or nothing that this user may know of: a synthesis reads none of these either.
    return `${file} ${String((error as NodeJS.ErrnoException).code)}`;
  }
}

function stamp(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}
