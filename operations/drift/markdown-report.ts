import {
  differenceSentence,
  drifted,
  type DriftReport,
  handMadeSentence,
  partSentence,
  unknownSentence,
} from "./report";

/** GitHub's limit of an issue's text, in characters. */
const limit = 65_536;

/** The report for an issue. Its first line tells the issue of one environment from others'. */
export function driftMarkdown(report: DriftReport): string {
  const { environment, context, parts, byHand, unknown = [], notChecked } = report;
  const lines = [
    `<!-- llm-platform drift: ${environment} -->`,
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
  if (text.length <= limit) return text;
  const kept: string[] = [];
  let length = 100;
  for (const line of lines) {
    length += line.length + 1;
    if (length > limit) break;
    kept.push(line);
  }
  return `${[...kept, "", `… and ${lines.length - kept.length} more lines: run npm run drift`].join("\n")}\n`;
}
