import { commentLimit } from "../diff/markdown-report";
import {
  differenceSentence,
  drifted,
  type DriftReport,
  handMadeSentence,
  partSentence,
  unknownSentence,
} from "./report";

/** The first line of an issue, by which that of an environment is found again. */
export function driftMarker(environment: string): string {
  return `<!-- llm-platform drift: ${environment} -->`;
}

/** The report for an issue. Its first line tells the issue of one environment from others'. */
export function driftMarkdown(report: DriftReport): string {
  const { environment, context, parts, byHand, unknown = [], notChecked } = report;
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
    ...(drifted(report)
      ? ["", `Put it back with ${code(`npm run drift -- --fix --environment ${environment}`)}.`]
      : []),
  ];
  return cut(lines);
}

function section(heading: string, items: readonly string[]): string[] {
  return ["", `### ${heading}`, ...(items.length ? [""] : []), ...items.map((item) => `- ${code(item)}`)];
}

/** Text that Markdown leaves as it is, whatever it holds. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return longest ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
}

function cut(lines: readonly string[]): string {
  const text = `${lines.join("\n")}\n`;
  if (text.length <= commentLimit) return text;
  const kept: string[] = [];
  let length = 100;
  for (const line of lines) {
    length += line.length + 1;
    if (length > commentLimit) break;
    kept.push(line);
  }
  return `${[...kept, "", `… and ${lines.length - kept.length} more lines: run npm run drift`].join("\n")}\n`;
}
