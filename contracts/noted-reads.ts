import { both, conditionKey, either, type Requirement, withoutBelow } from "./requirement";
import type { Use } from "./template-value";
import { joinPath, splitPath } from "./value-path";

/** One key that templates read. */
export interface Read {
  readonly uses: Set<Use>;
  /** When it is read. */
  needs: Requirement;
  /** When what is in it is passed on: a key in it may be the switch of all the others. @default - never */
  passed: Requirement;
}

/** Where the templates are that read something. */
export interface Reading {
  /** Path of the values of the chart whose files are gone through. */
  readonly chart: string;
  /** Notes are rendered, and their checks may refuse values, but nothing of them is deployed. */
  readonly inNotes: boolean;
  /** A checksum of values makes none of them count: what they do, they do elsewhere. */
  readonly isDigest: boolean;
}

/** Everything that the templates of a chart and its subcharts read. Paths are keys joined by dots, `*` for any key or item. */
export class NotedReads {
  public readonly reads = new Map<string, Read>();
  /**
   * Paths that the notes read, or that stand as text in what a named template is given together with the chart's
   * context: some read the key of that name. They may be no keys at all. With when that is; the notes count as never, for
   * nothing of them is deployed.
   */
  public readonly mentioned = new Map<string, Requirement>();
  /** Paths of maps that are looked into where nothing says that they are there: in the place of one, null ends the rendering. */
  public readonly entered = new Set<string>();
  public reading: Reading = { chart: "", inNotes: false, isDigest: false };
  /** When templates take hold of a key, be it only to use it later, in another place. */
  private readonly taken = new Map<string, Requirement>();
  /** What was put into the values: path of the place → path of what is there beside it. */
  private readonly put = new Map<string, Set<string>>();

  public note(path: string, use: Use, needs: Requirement): void {
    if (this.reading.isDigest) return;
    this.noteOne(path, use, needs);
    for (const [place, others] of this.put) {
      const isInside = path === place || path.startsWith(place && `${place}.`);
      if (!isInside && !(use === "whole" && place.startsWith(`${path}.`))) continue;
      const rest = isInside ? splitPath(path).slice(splitPath(place).length) : [];
      for (const other of others) {
        if (!`${path}.`.startsWith(`${other}.`)) this.noteOne(rest.reduce(joinPath, other), use, needs);
      }
    }
    if (!path.startsWith("global.")) return;
    // Helm hands what is global in the values of a subchart to it and to its subcharts: `database.global.imageRegistry`.
    const others = needs.map((all) => all.filter((one) => !conditionKey(one).startsWith("global.")));
    const charts = splitPath(this.reading.chart);
    for (const i of charts.keys()) {
      this.noteOne(`${charts.slice(0, i + 1).reduce(joinPath, "")}.${path}`, use, others);
    }
  }

  private noteOne(path: string, use: Use, needs: Requirement): void {
    if (this.reading.inNotes) {
      if (use !== "whole") this.mention(path, needs);
      return;
    }
    // A key that is asked for before it is read needs nothing of itself.
    const read = this.reads.get(path) ?? { uses: new Set(), needs: [], passed: [] };
    read.uses.add(use);
    read.needs = either(read.needs, ofOthers(needs, path));
    if (use !== "test") read.passed = either(read.passed, withoutItself(needs, path));
    this.reads.set(path, read);
  }

  public mention(path: string, needs: Requirement): void {
    const known = this.mentioned.get(path) ?? [];
    const { inNotes, isDigest } = this.reading;
    this.mentioned.set(path, inNotes || isDigest ? known : either(known, ofOthers(needs, path)));
  }

  public take(path: string, needs: Requirement): void {
    const { inNotes, isDigest } = this.reading;
    if (!inNotes && !isDigest) this.taken.set(path, either(this.taken.get(path) ?? [], needs));
  }

  public enter(path: string, needs: Requirement): void {
    // What is on, or has a value, stands in a map that is there.
    const isThere = (condition: string): boolean =>
      !/^!|!~?=/.test(condition) && `${conditionKey(condition)}.`.startsWith(`${path}.`);
    if (!needs.every((all) => all.some(isThere))) this.entered.add(path);
  }

  /** What is read at a place of the values is read at another as well, which was put there. */
  public putInto(place: string, other: string): void {
    if (place !== other) this.put.set(place, (this.put.get(place) ?? new Set()).add(other));
  }

  /** What reads a key, or the nearest above it. */
  public nearest(path: string): Read | undefined {
    const names = splitPath(path);
    for (let i = names.length; i > 0; i--) {
      const read = this.reads.get(names.slice(0, i).reduce(joinPath, ""));
      if (read) return read;
    }
    return undefined;
  }

  /** A value that a variable carries out of a branch is used only when the branch is taken. */
  public narrow(): void {
    for (const [path, read] of this.reads) {
      const taken = this.taken.get(path);
      if (!taken) continue;
      read.needs = both(read.needs, ofOthers(taken, path));
      read.passed = both(read.passed, withoutItself(taken, path));
    }
  }
}

/** What a key needs of others than itself. */
export function ofOthers(needs: Requirement, path: string): Requirement {
  return withoutBelow(withoutItself(needs, path), path);
}

/** Without conditions about a key itself, that one above it be there, or of an entry that it is not in. */
function withoutItself(needs: Requirement, path: string): Requirement {
  const isItself = (condition: string): boolean => {
    const key = conditionKey(condition);
    const entry = key.slice(0, key.lastIndexOf("*") + 1);
    if (entry && !`${path}.`.startsWith(`${entry}.`)) return true;
    // What is set is above nothing that is off.
    return key === path || (path.startsWith(`${key}.`) && condition === key);
  };
  return needs.map((all) => all.filter((condition) => !isItself(condition)));
}
