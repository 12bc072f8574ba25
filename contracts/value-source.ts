import * as fs from "node:fs";
import * as path from "node:path";
import { keyOf, type KeyPath } from "../settings/check";
import type { ApplicationValues, ValuesFile } from "../settings/values";
import type { YamlMap } from "../settings/yaml-file";

/**
 * Where a value was set: `values/chat.yaml:12`, from the file that wins.
 *
 * The parser that knows lines is loaded only here: nobody who makes no mistake pays for it.
 *
 * @returns `undefined` where no values file sets it: the program did
 */
export function valueSource(
  root: string,
  files: ApplicationValues["files"],
  at: readonly (string | number)[],
): string | undefined {
  const set = files.filter(({ values }) => has(values, at)).at(-1);
  return set && `${set.file}:${lineOf(path.join(root, set.file), at)}`;
}

/** File, line and key of what stands in a values file. @param key as people write it. @default - the path in words */
export function valuePlace(root: string, file: ValuesFile, at: KeyPath, key = keyOf(at)): string {
  // A variable in a list stands where the list does.
  const source = [at, at.slice(0, -1)].flatMap((path) => valueSource(root, [file], path) ?? [])[0];
  return `${source ?? file.file}: ${key}`;
}

function has(values: unknown, at: readonly (string | number)[]): boolean {
  const [key, ...rest] = at;
  if (key === undefined) return true;
  if (typeof values !== "object" || values === null || !(key in values)) return false;
  return has((values as YamlMap)[key], rest);
}

function lineOf(file: string, at: readonly (string | number)[]): number {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it takes longer to load than the whole check
  const { isMap, isPair, isSeq, LineCounter, parseDocument } = require("yaml") as typeof import("yaml");
  const lines = new LineCounter();
  let node: unknown = parseDocument(fs.readFileSync(file, "utf8"), {
    lineCounter: lines,
    version: "1.1",
  }).contents;
  let offset = 0;
  for (const key of at) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && String(item.key) === String(key));
      const name = pair?.key as { range?: readonly number[] | null } | undefined;
      // A key that an anchor brings has no line of its own: the nearest above it is named.
      if (!pair || !name?.range) break;
      offset = name.range[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = (node as { range?: readonly number[] | null } | undefined)?.range?.[0] ?? offset;
    } else break;
  }
  return lines.linePos(offset).line;
}
