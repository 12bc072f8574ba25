import { columns, marked, sections } from "../terminal/columns";
import {
  canBePutBack,
  differenceSentence,
  type DriftReport,
  handMadeSentence,
  partSentence,
  remedy,
  unknownSentence,
} from "./report";

/**
 * The report for a terminal of 80 columns.
 *
 * @param fix whether what can be put back is about to be: it is then no advice
 */
export function driftText(report: DriftReport, fix = false): string {
  const { environment, context, parts, byHand, unknown = [], notChecked } = report;
  return sections([
    columns(
      [12],
      [
        ["environment", environment],
        ["context", context],
        ...notChecked.map((text) => ["not checked", text] as const),
      ],
    ),
    ...parts.map((part) => {
      const differences = part.differences.map((one) => differenceSentence(one, part));
      return [partSentence(part), marked("~", differences)].filter(Boolean).join("\n");
    }),
    ["made by hand", marked("~", byHand.map(handMadeSentence))],
    ["unknown", marked("?", unknown.map(unknownSentence))],
    ...(fix && canBePutBack(report) ? [] : [columns([80], [[remedy(report) ?? "nothing drifted"]])]),
  ]);
}
