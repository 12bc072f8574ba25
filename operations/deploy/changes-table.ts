import {
  comparedWith,
  type DiffReport,
  type ReleaseReport,
  resourceCounts,
  versionChange,
} from "../diff/report";
import { columns } from "../terminal/columns";

/** Names that are listed one by one; of more only the number is said. */
const named = 12;

/** What a deploy will change, as a table of 80 columns: what is asked about. */
export function changesTable(report: DiffReport): string {
  const { environment, resources, releases, warnings, notes } = report;
  const changed = releases.filter(({ action }) => action !== "none");
  const sections = [
    columns(
      [12, 66],
      [
        ["environment", environment],
        ["context", comparedWith(report)],
        ["charts", releases.map((release) => `${release.chart} ${versionChange(release)}`).join("\n")],
        ...notes.map((note) => ["note", note]),
      ],
    ),
    ...(resources.length
      ? [
          `resources: ${resourceCounts(resources)}\n${columns(
            [11, 12, 53],
            resources.map(({ action, stack, address }) => [`   ${action}`, stack, address]),
          )}`,
        ]
      : []),
    ...changed
      .filter(hasObjects)
      .map(
        (release) =>
          `release ${release.name} in ${release.namespace}${release.revision === undefined ? "" : `, from revision ${release.revision}`}\n${columns([11, 67], objectRows(release))}`,
      ),
    ...(warnings.length
      ? [
          `warnings\n${columns(
            [4, 74],
            warnings.map(({ text }) => ["   !", text]),
          )}`,
        ]
      : []),
  ];
  return `${sections.join("\n\n")}\n`;
}

function hasObjects({ objects, live }: ReleaseReport): boolean {
  return objects.length > 0 || live.length > 0;
}

function objectRows({ objects, live }: ReleaseReport): string[][] {
  const actions = [...new Set(objects.map(({ action }) => action))];
  const rows = actions.map((action) => {
    const titles = objects.filter((object) => object.action === action).map(({ object }) => object);
    return [`   ${action}`, listed(titles)];
  });
  const edited = [...new Set(live.map(({ object }) => object))];
  return edited.length ? [...rows, ["   put back", listed(edited)]] : rows;
}

function listed(titles: readonly string[]): string {
  const more = titles.length - named;
  return [...titles.slice(0, named), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}
