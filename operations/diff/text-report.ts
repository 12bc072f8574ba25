import { columns, marked, sections } from "../terminal/columns";
import type { ObjectChange } from "./compare-objects";
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

/** The report for a terminal of 80 columns; lines of the manifests themselves may be longer. */
export function textReport(report: DiffReport): string {
  const { resources, releases } = report;
  return sections([
    headTable(report),
    warningsSection(report),
    resourcesSection(report),
    ...resources.filter(hasDetails).map(({ address, text }) => [address, indented(text)] as const),
    ...releases.flatMap(releaseSections),
    differs(report) ? "" : "nothing differs",
  ]);
}

/** What is compared with what. */
export function headTable(report: DiffReport): string {
  const { environment, against, releases, notes } = report;
  return columns(
    [12],
    [
      ["environment", environment],
      ["revision" in against ? "against" : "context", comparedWith(report)],
      ["charts", releases.map(chartLine).join("\n")],
      ...notes.map((note) => ["note", note]),
    ],
  );
}

export function warningsSection({ warnings }: DiffReport): [heading: string, text: string] {
  return [
    "warnings",
    marked(
      "!",
      warnings.map(({ text }) => text),
    ),
  ];
}

/** Each resource in a row. */
export function resourcesSection({ resources }: DiffReport): [heading: string, table: string] {
  const rows = resources.map(({ action, stack, address }) => [`   ${action}`, stack, address]);
  return [`resources: ${resourceCounts(resources)}`, columns([11, 12], rows)];
}

function releaseSections(release: ReleaseReport): Parameters<typeof sections>[0] {
  const { name, namespace, objects, live } = release;
  if (objects.length === 0 && live.length === 0) return [];
  const full = objects.filter(({ versionLabelsOnly }) => !versionLabelsOnly);
  const labels = objects.filter(({ versionLabelsOnly }) => versionLabelsOnly);
  const from = release.revision === undefined ? "" : `, compared with revision ${release.revision}`;
  return [
    `release ${name} in ${namespace}${from}`,
    [
      `changed in the cluster since it was deployed\n${columns([80], [[`(${liveOutlook(release)})`]])}`,
      marked("~", live.map(liveSentence)),
    ],
    ...full.map(objectText),
    [
      "the chart's version in labels, nothing else",
      labels.length ? columns([2], [["", labels.map(({ object }) => object).join(", ")]]) : "",
    ],
  ];
}

/** What changes in one object. */
export function objectText({ action, object, added, removed, text }: ObjectChange): string {
  return `${action} ${object} (+${added} -${removed})\n${indented(text)}`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}

/** The chart with its version, and the release where that has another name. */
function chartLine(release: ReleaseReport): string {
  const { name, chart } = release;
  return `${chart} ${versionChange(release)}${name === chart ? "" : ` (${name})`}`;
}
