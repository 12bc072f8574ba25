import * as fs from "node:fs";

/** Every process below one, on Linux; none elsewhere. The process itself is not among them. */
export function family(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of fs.existsSync("/proc/self/stat") ? fs.readdirSync("/proc") : []) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // The name of a program may have spaces and brackets in it.
      const [, parent = ""] = /\) \S (\d+) /.exec(fs.readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
      children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(name)]);
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (pid: number): number[] =>
    (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
}
