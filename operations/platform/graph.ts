import type { ApplicationRelease } from "../../applications/application";
import { keptReleasesOf, releaseRows } from "../../applications/releases";
import type { Environment } from "../../settings/environment";
import { columns } from "../terminal/columns";

/** The order in which an environment is deployed. */
export interface Graph {
  readonly environment: string;
  /** The foundation's namespaces, claims and policies come before all of them. Those of one row go side by side. */
  readonly rows: readonly (readonly GraphRelease[])[];
  /** Names of the releases that are not installed: the foundation alone has something of them. */
  readonly notInstalled: readonly string[];
}

/** One release, and what is deployed before it because it reaches it. */
export interface GraphRelease {
  readonly name: string;
  readonly application: string;
  readonly namespace: string;
  readonly needs: readonly string[];
}

/** @throws SettingsError when the releases have no order */
export function graphOf(environment: Environment): Graph {
  return {
    environment: environment.name,
    rows: releaseRows(environment).map((row) => row.map(graphRelease)),
    notInstalled: keptReleasesOf(environment).map(({ name }) => name),
  };
}

function graphRelease({ name, application, namespace, needs }: ApplicationRelease): GraphRelease {
  return { name, application: application.title, namespace, needs };
}

const and = new Intl.ListFormat("en-GB");

/** The order as text of 80 columns, a line a release. */
export function graphText({ environment, rows, notInstalled }: Graph): string {
  return columns(
    [14],
    [
      ["environment", environment],
      ["first", "foundation"],
      ...rows.flatMap((row) =>
        row.map(({ name, needs }, i) => [
          i === 0 ? "then" : "  beside it",
          `${name}${needs.length ? `, which needs ${and.format(needs)}` : ""}`,
        ]),
      ),
      ...(notInstalled.length ? [["not installed", `${notInstalled.join(", ")}: their data alone`]] : []),
    ],
  );
}
