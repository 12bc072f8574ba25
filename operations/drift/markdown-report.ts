import { code, commentLimit, cutMarkdown } from "../diff/markdown";
import {
  differenceSentence,
  drifted,
  type DriftReport,
  handMadeSentence,
  partSentence,
  remedy,
  unknownSentence,
} from "./report";

/** The first line of an issue, by which that of an environment is found again. */
export function driftMarker(environment: string): string {
  return `<!-- llm-platform drift: ${environment} -->`;
}

/** The report for an issue. Its first line tells the issue of one environment from others'. */
export function driftMarkdown(report: DriftReport): string {
  const { environment, context, parts, byHand, unknown = [], notChecked } = report;
  const next = remedy(report);
  const lines = [
    driftMarker(environment),
    `## Drift of ${environment}`,
    "",
    drifted(report)
      ? `What is in the cluster (context ${code(context)}) differs from what was deployed.`
      : `Nothing drifted (context ${code(context)}).`,
    ...parts.flatMap((part) =>
      section(
        partSentence(part),
        part.differences.map((one) => differenceSentence(one, part)),
      ),
    ),
    ...(byHand.length ? section("Made by hand", byHand.map(handMadeSentence)) : []),
    ...(unknown.length ? section("Unknown", unknown.map(unknownSentence)) : []),
    ...(notChecked.length ? section("Not checked", notChecked) : []),
    ...(next === undefined ? [] : ["", code(next)]),
  ];
  return cutMarkdown(`${lines.join("\n")}\n`, commentLimit, "npm run drift");
}

function section(heading: string, items: readonly string[]): string[] {
  return ["", `### ${heading}`, ...(items.length ? [""] : []), ...items.map((item) => `- ${code(item)}`)];
}
