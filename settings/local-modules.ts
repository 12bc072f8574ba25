import * as fs from "node:fs";
import * as path from "node:path";

/** What a file of this repository imports of it, by either way of writing that. */
const imported = /\b(?:from|import|require\()\s*"(\.[^"]+)"/g;

/**
 * The files of this repository that a module is made of: itself, and all that it imports, and what that does.
 *
 * @param file absolute
 */
export function localModules(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  const text = file.endsWith(".json") ? "" : fs.readFileSync(file, "utf8");
  for (const [, name = ""] of text.matchAll(imported)) {
    const target = path.resolve(path.dirname(file), name);
    const module = [target, `${target}.ts`, path.join(target, "index.ts")].find((one) =>
      fs.statSync(one, { throwIfNoEntry: false })?.isFile(),
    );
    if (module !== undefined) localModules(module, found);
  }
  return found;
}
