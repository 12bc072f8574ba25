import Table from "cli-table3";
import { borderless } from "../terminal/borderless";
import type { Unit } from "./figure";
import type { Judgement } from "./judge";

/** Every figure with its target, what was measured and the verdict, in 80 columns and without colours. */
export function reportTable(judgements: readonly Judgement[], runs: number): string {
  const table = new Table({
    head: ["figure", "target", "measured", "instead", "ratio", "verdict"],
    chars: borderless,
    style: { "padding-left": 0, "padding-right": 2, head: [], border: [] },
    colWidths: [20, 13, 15, 14, 7, 11],
    wordWrap: true,
  });
  for (const judgement of judgements) table.push(row(judgement));
  const notes = judgements.flatMap(({ figure, verdict, note }) =>
    note
      ? [`${figure.title}: ${verdict === "met" || verdict === "missed" ? "" : `${verdict}: `}${note}`]
      : [],
  );
  return [
    ...table.toString().split("\n"),
    "",
    `medians of ${runs} runs, smallest and largest below; 1 MB is 1,048,576 bytes`,
    ...notes,
  ]
    .map((line) => line.trimEnd())
    .join("\n");
}

function row({ figure, verdict, value, measured, instead, ratio }: Judgement): string[] {
  const { unit, judged, atMost, title } = figure;
  const limit = { median: "", difference: " more", ratio: "" }[judged];
  return [
    title,
    `≤ ${judged === "ratio" ? `${number(atMost, "s")} ×` : `${number(atMost, unit)} ${unit}`}${limit}`,
    [
      measured ? `${number(measured.median, unit)} ${unit}` : "-",
      ...(measured && measured.min < measured.max
        ? [`${number(measured.min, unit)}–${number(measured.max, unit)}`]
        : []),
      ...(judged === "difference" && value !== undefined ? [`${number(value, unit)} ${unit} more`] : []),
    ].join("\n"),
    instead ? `${number(instead.median, unit)} ${unit}\n${instead.what}` : "-",
    ratio === undefined ? "-" : number(ratio, "s"),
    verdict,
  ];
}

const decimals: { readonly [unit in Unit]: number } = { s: 2, MB: 0, bytes: 0 };

function number(value: number, unit: Unit): string {
  return value.toLocaleString("en-US", {
    minimumFractionDigits: decimals[unit],
    maximumFractionDigits: decimals[unit],
  });
}

/** The same for machines, with every sample. */
export function reportJson(judgements: readonly Judgement[], machine: object): string {
  return JSON.stringify(
    {
      ...machine,
      figures: judgements.map(({ figure, ...found }) => ({ ...figure, ...found })),
    },
    null,
    2,
  );
}
