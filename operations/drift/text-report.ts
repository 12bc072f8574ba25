import { columns } from "../terminal/columns";
import {
  differenceSentence,
  drifted,
  type DriftReport,
  handMadeSentence,
  partSentence,
  unknownSentence,
} from "./report";

/** The report for a terminal of 80 columns. */
export function driftText(report: DriftReport): string {
  const { environment, context, parts, byHand, unknown, notChecked } = report;
  const marked = (mark: string, lines: readonly string[]) =>
    columns(
      [4, 74],
      lines.map((line) => [`   ${mark}`, line]),
    );
  const sections = [
    columns(
      [12, 66],
      [
        ["environment", environment],
        ["context", context],
        ...notChecked.map((text) => ["not checked", text] as const),
      ],
    ),
    ...parts.map((part) =>
      [
        partSentence(part),
        marked(
          "~",
          part.differences.map((one) => differenceSentence(one, part)),
        ),
      ]
        .filter(Boolean)
        .join("\n"),
    ),
    ...(byHand.length ? [`made by hand\n${marked("~", byHand.map(handMadeSentence))}`] : []),
    ...(unknown?.length ? [`unknown\n${marked("?", unknown.map(unknownSentence))}`] : []),
    drifted(report)
      ? columns([80], [[`put it back with: npm run drift -- --fix --environment ${environment}`]])
      : "nothing drifted",
  ];
  return `${sections.join("\n\n")}\n`;
}
