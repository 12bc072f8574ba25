import { block, code, commentLimit, cutMarkdown, escaped, folded, table } from "./markdown";
import {
  comparedWith,
  type DiffReport,
  differs,
  hasDetails,
  liveOutlook,
  liveSentence,
  type ReleaseReport,
  resourceCounts,
  versionChange,
} from "./report";
import type { LineDiff } from "./unified-diff";

/** The first line of a comment, by which a workflow finds its own to update it. */
export function commentMarker(environment: string): string {
  return `<!-- llm-platform diff: ${environment} -->`;
}

/**
 * The report as a comment of a pull request, in Markdown.
 *
 * Where it is longer than GitHub takes, the last parts are left out and named: the warnings come first.
 *
 * @param limit in characters
 */
export function markdownReport(report: DiffReport, limit = commentLimit): string {
  const { environment, releases, notes, warnings, resources } = report;
  const changed = releases.filter(({ objects }) => objects.length > 0).length;
  const summary = differs(report)
    ? [
        resourceCounts(resources) || "no resource changes",
        `${changed} of ${releases.length} releases differ`,
      ].join("; ")
    : "nothing differs";
  const lines = [
    commentMarker(environment),
    `### What a deploy to ${code(environment)} would change: ${summary}`,
    "",
    `Compared with ${code(comparedWith(report))}; secret values are hidden.`,
    "",
    ...table(
      ["release", "namespace", "chart", "version"],
      releases.map((release) => [release.name, release.namespace, release.chart, versionChange(release)]),
    ),
    ...notes.flatMap((note) => ["", `_${escaped(note)}_`]),
    ...section(
      "Warnings",
      warnings.map(({ text }) => `- :warning: ${escaped(text)}`),
    ),
    ...section(
      "Resources",
      resources.length
        ? table(
            ["action", "stack", "resource"],
            resources.map(({ action, stack, address }) => [action, stack, address]),
          )
        : [],
    ),
    ...resources
      .filter(hasDetails)
      .flatMap((resource) => details(`${resource.action} ${resource.address}`, resource)),
    ...releases.flatMap(releaseLines),
  ];
  return cutMarkdown(`${lines.join("\n")}\n`, limit, "npm run diff");
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length ? ["", `#### ${heading}`, "", ...lines] : [];
}

function releaseLines(release: ReleaseReport): string[] {
  const { name, namespace, objects, live } = release;
  const labels = objects
    .filter(({ versionLabelsOnly }) => versionLabelsOnly)
    .map(({ object }) => code(object));
  return section(`Release ${code(name)} in ${code(namespace)}`, [
    ...(live.length
      ? [
          `Changed in the cluster since it was deployed (${liveOutlook(release)}):`,
          "",
          ...live.map((difference) => `- ${escaped(liveSentence(difference))}`),
        ]
      : []),
    ...objects
      .filter(({ versionLabelsOnly }) => !versionLabelsOnly)
      .flatMap((object) => details(`${object.action} ${object.object}`, object)),
    ...(labels.length ? ["", `Only the labels with the chart's version: ${labels.join(", ")}`] : []),
  ]);
}

function details(title: string, { text, added, removed }: LineDiff): string[] {
  return ["", folded(`${title} (+${added} −${removed})`, block("diff", text))];
}
