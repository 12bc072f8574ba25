import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { localModules } from "./local-modules";

const modules = path.join(__dirname, "..", "node_modules");
const kept = path.join(modules, ".cache", "llm-platform", "known-to-pass");

/** What a check looks at: with the same of all three it says the same. */
export interface KnownToPassProps {
  readonly data: unknown;
  /** The package that the check is made with. */
  readonly package: string;
  /** The file that makes it, absolute; what it imports of this repository makes it, too. */
  readonly checker: string;
  /** Where what passed is remembered. @default - beside the installed packages */
  readonly directory?: string;
}

/**
 * Makes a check, unless it is known that the same data passed the same check: what passed is remembered, and what failed
 * is not.
 *
 * @param check throws when the data is wrong
 */
export function knownToPass(props: KnownToPassProps, check: () => void): void {
  const { directory = kept } = props;
  const file = path.join(directory, digest(props));
  if (fs.existsSync(file)) return;
  check();
  try {
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(file, "");
  } catch {
    // Nothing can be remembered where nothing can be written: the check is made again.
  }
}

function digest({ data, package: name, checker }: KnownToPassProps): string {
  const hash = createHash("sha256").update(fs.readFileSync(path.join(modules, name, "package.json")));
  for (const file of localModules(checker)) hash.update(fs.readFileSync(file));
  return hash.update(JSON.stringify(data)).digest("hex");
}
