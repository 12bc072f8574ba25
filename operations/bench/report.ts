import { OperationError } from "../errors/operation-error";
import { columns } from "../terminal/columns";
import type { Measured } from "./bench";
import { type Side, sides, titles } from "./figure";

/** Every figure at every size with its goal, in 80 columns. */
export function reportTable(measured: readonly Measured[]): string {
  const head = ["", "releases", "goal", ...sides.map((side) => titles[side])];
  return columns([20, 8, 7, 8, 9, 8], [head, ...rows(measured)]);
}

/** The same for a page, as Prettier writes it. */
export function reportMarkdown(measured: readonly Measured[]): string {
  const head = ["", "releases", "goal", ...sides.map((side) => titles[side])];
  const all = [head, ...rows(measured)];
  const widths = head.map((_, i) => Math.max(3, ...all.map((cells) => cells[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [head, widths.map((width) => "-".repeat(width)), ...all.slice(1)].map(line).join("\n");
}

function rows(measured: readonly Measured[]): string[][] {
  const found = (title: string, size: number, side: Side): Measured | undefined =>
    measured.find((one) => one.title === title && one.size === size && one.side === side);
  return [...new Set(measured.map(({ title }) => title))].flatMap((title) =>
    [...new Set(measured.filter((one) => one.title === title).map(({ size }) => size))].map((size, i) => {
      const goal = found(title, size, "platform")?.goal;
      const unit = found(title, size, "platform")?.unit ?? "s";
      return [
        ...[i === 0 ? title : "", String(size), goal === undefined ? "" : written(goal, unit)],
        ...sides.map((side) => {
          const one = found(title, size, side);
          return one ? written(one.median, unit) : "";
        }),
      ];
    }),
  );
}

function written(value: number, unit: Measured["unit"]): string {
  const number = unit === "s" ? value.toFixed(value < 10 ? 2 : 1) : value.toFixed(0);
  return ["lines", "secrets"].includes(unit) ? number : `${number} ${unit}`;
}

/** The figures that do not keep what is promised, by how much each. */
export function missed(measured: readonly Measured[]): string[] {
  return measured.flatMap(({ title, size, median, goal, unit }) =>
    goal === undefined || median <= goal
      ? []
      : [`${title}, ${size} releases: ${written(median, unit)}, at most ${written(goal, unit)}`],
  );
}

/**
 * Makes a missed goal the failure of the command.
 *
 * @throws OperationError naming each figure that misses it
 */
export function refuseMissed(measured: readonly Measured[]): void {
  const found = missed(measured);
  if (found.length === 0) return;
  throw new OperationError(
    [
      `${found.length} ${found.length === 1 ? "figure does" : "figures do"} not keep the goal:`,
      ...found,
      "other programs on this machine make it slower: end them and run npm run bench again before looking for the change that did it",
    ].join("\n  "),
  );
}
