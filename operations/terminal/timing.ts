import { columns } from "./columns";

interface Span {
  readonly name: string;
  /** Since this process began, in milliseconds. */
  readonly from: number;
  readonly to: number;
}

const spans: Span[] = [];

/** Does work, and remembers how long it takes for {@link timingTable}. Where it begins at once, it is begun at once. */
export async function timed<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const from = performance.now();
  try {
    return await work();
  } finally {
    spans.push({ name, from, to: performance.now() });
  }
}

/** Remembers that this process has been at something since it began, or since the moment that is given. */
export function timedUntilNow(name: string, from = 0): void {
  spans.push({ name, from, to: performance.now() });
}

/**
 * Where the time of this process went, a row each: what it waited for, how often, from when on, and how long in all. What goes
 * on side by side is counted once in a row, and in each of several.
 */
export function timingTable(): string {
  const names = [...new Set([...spans].sort((a, b) => a.from - b.from).map(({ name }) => name))];
  const rows = names.map((name) => {
    const all = spans.filter((span) => span.name === name);
    return [name, String(all.length), seconds(Math.min(...all.map(({ from }) => from))), seconds(busy(all))];
  });
  const { user, system } = process.cpuUsage();
  return columns(
    [46, 6, 9, 9],
    [
      ["where the time went", "times", "from", "took"],
      ...rows,
      ["computing in this process", "", "", seconds((user + system) / 1000)],
      ["all of it", "", "", seconds(performance.now())],
    ],
  );
}

/** How long at least one of them went on, in milliseconds. */
function busy(all: readonly Span[]): number {
  let [sum, until] = [0, 0];
  for (const { from, to } of [...all].sort((a, b) => a.from - b.from)) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
