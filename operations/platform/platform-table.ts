import type { ApplicationRelease } from "../../applications/application";
import { keptReleasesOf, releaseRows, releasesOf } from "../../applications/releases";
import { releaseUrl } from "../../applications/release-url";
import { chartOf } from "../../applications/release-values";
import type { Environment } from "../../settings/environment";
import { endedSentence, ingressController } from "../../settings/ingress-controllers";
import { switchedOff } from "../../applications/pod-security";
import type { Settings } from "../../settings/settings";
import { columns } from "../terminal/columns";

/** A heading and the lines beside it. */
export type Row = readonly [heading: string, lines: readonly string[]];

/** The platform as it would be deployed. */
export function platformRows(settings: Settings): Row[] {
  const { environment } = settings;
  const { storage, ingress, cluster, state } = environment;
  const releases = releasesOf(environment);
  const rows = releaseRows(environment);
  const off = switchedOff(environment);
  const each = (line: (release: ApplicationRelease) => string): string[] => releases.map(line);
  return [
    ["environment", [environment.name]],
    ["context", [`${cluster.context} in ${cluster.kubeconfig}`]],
    [
      "order",
      [
        rows.length
          ? `foundation → llm-apps (${rows.map((row) => row.map(({ name }) => name).join(", ")).join(" → ")})`
          : "foundation",
      ],
    ],
    [
      "charts",
      releases.flatMap((release) => {
        const { name, version, repository, package: file } = chartOf(settings, release);
        return [
          `${name} ${version}${name === release.name ? "" : ` (${release.name})`}`,
          `  from ${file ? "CHARTS_DIR" : repository}`,
        ];
      }),
    ],
    ...releases.flatMap(({ name, application, own }): Row[] => {
      const lines = application.overview?.(own) ?? [];
      return lines.length ? [[name, lines]] : [];
    }),
    [
      "storage",
      [
        ...each(({ name, own }) => {
          const sizes = Object.entries(own.storage).map(([claim, size]) => `${claim} ${size}`);
          return `${name}: ${sizes.join(", ") || "none"}`;
        }),
        ...keptReleasesOf(environment).map(
          ({ name, own }) => `${name} (not installed): ${Object.keys(own.storage).join(", ") || "none"}`,
        ),
        `StorageClass: ${storage.className ?? "the cluster's default"}`,
        storage.onDestroy === "keep" ? "kept by npm run destroy" : "deleted by npm run destroy",
      ],
    ],
    [
      "exposed",
      each((release) => {
        const { own } = release;
        const title = titleOf(release);
        if (!own.ingress) return `${title}: not`;
        return own.ingress.allowedSourceRanges
          ? `${title} (no authentication): ${own.ingress.allowedSourceRanges.join(", ")}`
          : `${title}: everybody who reaches ${ingress.className}`;
      }),
    ],
    ["ingress", releases.some(({ own }) => own.ingress) ? ingressLines(environment) : []],
    [
      "urls",
      releases
        .filter(({ application, own }) => own.ingress || application.guard === "login")
        .map((release) => releaseUrl(release).url),
    ],
    ["rules", off],
    ["state", [state.backend === "local" ? `state/${environment.name}/ (local files)` : state.backend]],
  ];
}

/** What serves the ingresses, and whether it still should. */
function ingressLines({ ingress }: Environment): string[] {
  const { className, controller, controllerNamespace } = ingress;
  const title = ingressController(controller)?.title ?? "an ingress controller that is not known";
  const ended = endedSentence(controller);
  return [
    `class ${className}, ${title} in ${controllerNamespace}`,
    ...(ended ? [`${ended}: see "The ingress controller" in docs/operations.md`] : []),
  ];
}

/** The application, with the release's own name where that is another one. */
function titleOf({ name, application }: ApplicationRelease): string {
  return name === application.name ? application.title : `${application.title} ${name}`;
}

/** Rows as text that fits into 80 columns, without colours or borders; those that say nothing are left out. */
export function headedTable(rows: readonly Row[]): string {
  return columns(
    [12],
    rows.filter(([, lines]) => lines.length > 0).map(([heading, lines]) => [heading, lines.join("\n")]),
  );
}
