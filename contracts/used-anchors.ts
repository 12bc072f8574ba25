import type { KeyPath } from "../settings/check";
import type { ApplicationValues } from "../settings/values";
import { readTextFile } from "../settings/yaml-file";

/** A place in a values file that an anchor names, and where an alias says the same. */
export interface UsedAnchor {
  readonly path: KeyPath;
  readonly usedAt: KeyPath;
}

/**
 * The anchors of a values file that it uses: what holds one does something where that is used, whatever the chart knows of it.
 *
 * The parser that knows anchors is loaded only here: it takes longer than the whole check.
 */
export function usedAnchors(text: string): UsedAnchor[] {
  if (!/&\S/.test(text)) return [];
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const { isAlias, isMap, isNode, isSeq, parseDocument } = require("yaml") as typeof import("yaml");
  const [found, held]: [UsedAnchor[], Map<string, KeyPath>] = [[], new Map()];
  const walk = (node: unknown, path: KeyPath): void => {
    if (isAlias(node)) {
      const holder = held.get(node.source);
      if (holder) found.push({ path: holder, usedAt: path });
      return;
    }
    if (isNode(node) && node.anchor !== undefined) held.set(node.anchor, path);
    if (isMap(node)) for (const { key, value } of node.items) walk(value, [...path, String(key)]);
    if (isSeq(node)) for (const [i, item] of node.items.entries()) walk(item, [...path, i]);
  };
  walk(parseDocument(text, { version: "1.1" }).contents, []);
  return found;
}

/** Those of the files that values came from. @param root folder that the files are named from */
export function anchorsIn(root: string, files: ApplicationValues["files"]): UsedAnchor[] {
  return files.flatMap(({ file }) => usedAnchors(readTextFile(root, file)));
}

/**
 * Whether a place, or what is in it, is what an anchor names that is used elsewhere.
 *
 * @param depth how many parts the highest key has that the chart does not know: what holds that names nothing else
 */
export function isUsedElsewhere(
  anchors: readonly UsedAnchor[],
  path: KeyPath,
  depth: number = path.length,
): boolean {
  const unknown = path.slice(0, depth);
  return anchors.some(
    ({ path: holder, usedAt }) =>
      !isInside(usedAt, unknown) &&
      isInside(holder, unknown) &&
      (isInside(holder, path) || isInside(path, holder)),
  );
}

function isInside(path: KeyPath, other: KeyPath): boolean {
  return other.every((part, i) => part === path[i]);
}
