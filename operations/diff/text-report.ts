import { columns } from "../terminal/columns";
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

const width = 80;

/** The report for a terminal of 80 columns; lines of the manifests themselves may be longer. */
export function textReport(report: DiffReport): string {
  const { environment, releases, notes, warnings, resources } = report;
  const sections = [
    columns(
      [12, width - 14],
      [
        ["environment", environment],
        ["revision" in report.against ? "against" : "context", comparedWith(report)],
        ["charts", releases.map((release) => `${release.chart} ${versionChange(release)}`).join("\n")],
        ...notes.map((note) => ["note", note]),
      ],
    ),
    ...(warnings.length
      ? [
          `warnings\n${columns(
            [4, width - 6],
            warnings.map(({ text }) => ["   !", text]),
          )}`,
        ]
      : []),
    ...(resources.length
      ? [
          `resources: ${resourceCounts(resources)}\n${columns(
            [11, 12, width - 27],
            resources.map(({ action, stack, address }) => [`   ${action}`, stack, address]),
          )}`,
          ...resources.filter(hasDetails).map(({ address, text }) => `${address}\n${indented(text)}`),
        ]
      : []),
    ...releases.flatMap(releaseSections),
    ...(differs(report) ? [] : ["nothing differs"]),
  ];
  return `${sections.join("\n\n")}\n`;
}

function releaseSections(release: ReleaseReport): string[] {
  const { name, namespace, objects, live } = release;
  if (objects.length === 0 && live.length === 0) return [];
  const full = objects.filter(({ versionLabelsOnly }) => !versionLabelsOnly);
  const labels = objects.filter(({ versionLabelsOnly }) => versionLabelsOnly);
  const from = release.revision === undefined ? "" : `, compared with revision ${release.revision}`;
  return [
    `release ${name} in ${namespace}${from}`,
    ...(live.length
      ? [
          `changed in the cluster since it was deployed\n(${liveOutlook(release)})\n${columns(
            [4, width - 6],
            live.map((difference) => ["   ~", liveSentence(difference)]),
          )}`,
        ]
      : []),
    ...full.map(objectText),
    ...(labels.length
      ? [
          `the chart's version in labels, nothing else\n${columns(
            [2, width - 4],
            [["", labels.map(({ object }) => object).join(", ")]],
          )}`,
        ]
      : []),
  ];
}

/** What changes in one object. */
export function objectText(object: ObjectChange): string {
  return `${heading(object)}\n${indented(object.text)}`;
}

function heading({ action, object, added, removed }: ObjectChange): string {
  return `${action} ${object} (+${added} -${removed})`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
