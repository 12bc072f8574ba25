import { type KubernetesSchema, typeAt } from "./kubernetes-schema";
import type { TemplateReads } from "./template-reads";
import { changedText, markPattern } from "./template-value";

/** Where the rendered objects have the values. */
export interface Placements {
  /** By path its types in Kubernetes there, see `KubernetesSchema`; several, where a value goes to several places. */
  readonly types: ReadonlyMap<string, ReadonlySet<string>>;
  /** Paths that stand somewhere otherwise than alone in quotes, where whatever there is would be a text. */
  readonly bare: ReadonlySet<string>;
}

/**
 * Finds where the rendered objects have the values, from the indentation of the rendered text.
 *
 * @param isList whether the chart's default of a path is a list: its items may stand at the indentation of their key
 */
export function placements(
  { rendered, marks }: Pick<TemplateReads, "rendered" | "marks">,
  schema: KubernetesSchema,
  isList: (path: string) => boolean,
): Placements {
  const found = new Map<string, Set<string>>();
  const add = (paths: readonly string[], type: string | undefined): void => {
    if (type === undefined) return;
    for (const path of paths) found.set(path, (found.get(path) ?? new Set()).add(type));
  };
  for (const document of rendered.flatMap((text) => text.split(/^---.*$/m))) {
    const lines = document.split("\n").flatMap(readLine);
    const objects = kindsOf(lines, schema);
    for (const [i, line] of lines.entries()) {
      for (const mark of line.marks.flatMap((id) => marks[id] ?? [])) {
        const place = placeOf(lines, i, mark.paths.some(isList));
        if (!place) continue;
        for (const { apiVersion, kind } of objects) {
          add(mark.paths, typeAt(schema, apiVersion, kind, place));
          for (const [key, paths] of mark.below) {
            add(paths, typeAt(schema, apiVersion, kind, [...place, key]));
          }
        }
      }
    }
  }
  const inQuotes = new Set(
    rendered.flatMap((text) => [...text.matchAll(quoted)].map(([, , id]) => Number(id))),
  );
  return { types: found, bare: new Set(marks.flatMap(({ paths }, id) => (inQuotes.has(id) ? [] : paths))) };
}

const quoted = /(?<=[:-] +)(["'])\u0001(\d+)\u0002\1$/gm;

/** One key, list item or block of values, and the column where it stands. */
interface Line {
  readonly column: number;
  readonly kind: "key" | "item" | "block" | "text";
  readonly key: string;
  /** What follows the key. */
  readonly rest: string;
  /** Numbers of the marks that are all there is in this place. */
  readonly marks: readonly number[];
}

const one = /^(["']?)\u0001(\d+)\u0002\1$/;

/** `- name: x` is an item at its dash and a key behind it. */
function readLine(line: string): Line[] {
  const column = line.length - line.trimStart().length;
  const text = line.trim();
  if (!text || text.startsWith("#")) return [];
  if (text.startsWith("- ")) {
    const inner = text.slice(2).trimStart();
    const item: Line = { column, kind: "item", key: "", rest: "", marks: [] };
    return [item, ...readLine(" ".repeat(column + text.length - inner.length) + inner)];
  }
  const [, key, rest = ""] = /^("[^"]*"|[^\s:"][^:]*):(?:\s+(.*))?$/.exec(text) ?? [];
  if (key !== undefined) {
    const [, , id] = one.exec(rest) ?? [];
    const marks = id === undefined ? [] : [Number(id)];
    return [{ column, kind: "key", key: key.replaceAll('"', ""), rest, marks }];
  }
  const ids = [...text.matchAll(markPattern)].map(([, id]) => Number(id));
  const alone = text.replace(markPattern, "").replace(/["']/g, "") === "";
  return [{ column, kind: alone ? "block" : "text", key: "", rest: "", marks: alone ? ids : [] }];
}

/** What the object may be: every branch is taken, so that `StatefulSetDeployment` is either. */
function kindsOf(lines: readonly Line[], schema: KubernetesSchema): { apiVersion: string; kind: string }[] {
  const at = (key: string): string => lines.find((line) => line.column === 0 && line.key === key)?.rest ?? "";
  const [apiVersion, kind] = [at("apiVersion"), at("kind")];
  return Object.keys(schema.kinds)
    .map((known) => known.split(" ") as [string, string])
    .filter(
      ([version, name]) =>
        (kind === name || (kind.includes(name) && kind.replace(name, "") in alternatives)) &&
        (version.includes("/") ? apiVersion.includes(version) : apiVersion === version),
    )
    .map(([apiVersion, kind]) => ({ apiVersion, kind }));
}

/** Kinds that one template writes in the place of another. */
const alternatives: { readonly [kind: string]: true } = {
  Deployment: true,
  StatefulSet: true,
  DaemonSet: true,
};

/** The keys that lead to a line, from the top of its object; `undefined` where it is inside a text. */
function placeOf(lines: readonly Line[], index: number, list: boolean): string[] | undefined {
  const start = lines[index] as Line;
  const place = start.kind === "key" ? [segment(start.key)] : [];
  let column = start.column;
  // In a list, whose key may stand at the column of its dashes; behind a key, dashes at its column are another's.
  let inList = false;
  let isKey = start.kind === "key";
  for (let i = index - 1; i >= 0; i--) {
    const line = lines[i] as Line;
    if (line.column > column) continue;
    if (line.kind === "item") {
      if (line.column < column) {
        place.unshift("[]");
        column = line.column;
        isKey = false;
      }
      inList ||= !isKey;
    } else if (line.kind === "key") {
      const opens = line.rest === "" || line.rest === changedText;
      const nextTo = list && i === index - 1 && start.kind === "block";
      if (line.column < column || ((inList || nextTo) && opens && line.column === column)) {
        if (/^[|>]/.test(line.rest)) return undefined;
        place.unshift(segment(line.key));
        column = line.column;
        inList = false;
        isKey = true;
      }
    }
  }
  return place;
}

/** A key that a value makes may be any. */
function segment(key: string): string {
  return key.includes(changedText) || key.includes("\u0001") ? "*" : key;
}
