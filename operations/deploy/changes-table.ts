import type { DiffReport, ReleaseReport } from "../diff/report";
import { isAdded } from "../diff/field-differences";
import { headTable, resourcesSection, warningsSection } from "../diff/text-report";
import { columns, sections } from "../terminal/columns";

/** Names that are listed one by one; of more only the number is said. */
const named = 12;

/** What a deploy will change, as a table of 80 columns: what is asked about. */
export function changesTable(report: DiffReport): string {
  const changed = report.releases.filter(({ action }) => action !== "none");
  return sections([
    headTable(report),
    resourcesSection(report),
    ...changed.map(({ name, namespace, revision, ...release }) => {
      const from = revision === undefined ? "" : `, from revision ${revision}`;
      return [`release ${name} in ${namespace}${from}`, columns([11], objectRows(release))] as const;
    }),
    warningsSection(report),
  ]);
}

function objectRows({ objects, live }: Pick<ReleaseReport, "objects" | "live">): string[][] {
  const actions = [...new Set(objects.map(({ action }) => action))];
  const rows = actions.map((action) => {
    const titles = objects.filter((object) => object.action === action).map(({ object }) => object);
    return [`   ${action}`, listed(titles)];
  });
  const objectsOf = (differences: ReleaseReport["live"]) =>
    listed([...new Set(differences.map(({ object }) => object))]);
  return [
    ...rows,
    ["   put back", objectsOf(live.filter((difference) => !isAdded(difference)))],
    ["   leave", objectsOf(live.filter(isAdded)).replace(/^(?=.)/, "what somebody added to ")],
  ].filter(([, text]) => text !== "");
}

function listed(titles: readonly string[]): string {
  const more = titles.length - named;
  return [...titles.slice(0, named), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}
