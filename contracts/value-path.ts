/** `a.b` and `c` make `a.b.c`: paths of values as contracts write them, with a dot in a key escaped. */
export function joinPath(path: string, key: string): string {
  const escaped = key.includes(".") ? key.replaceAll(".", "\\.") : key;
  return path ? `${path}.${escaped}` : escaped;
}

/** The keys of a path. */
export function splitPath(path: string): string[] {
  return path ? path.split(/(?<!\\)\./).map((key) => key.replaceAll("\\.", ".")) : [];
}
