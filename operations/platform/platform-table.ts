import { librechatUrl } from "../../applications/librechat";
import { type Exemptions, exemptionSentences } from "../../settings/rule-names";
import type { Settings } from "../../settings/load-settings";
import { columns } from "../terminal/columns";

/** A heading and the lines beside it. */
export type Row = readonly [heading: string, lines: readonly string[]];

/** The platform as it would be deployed. */
export function platformRows(settings: Settings): Row[] {
  const { environment, charts } = settings;
  const { gpu, storage, ingress, cluster, state, models } = environment;
  return [
    ["environment", [environment.name]],
    ["context", [`${cluster.context} in ${cluster.kubeconfig}`]],
    ["order", ["foundation → llm-apps (ollama → librechat)"]],
    [
      "charts",
      Object.values(charts).flatMap(({ name, version, repository, package: file }) => [
        `${name} ${version}`,
        `  from ${file ? "CHARTS_DIR" : repository}`,
      ]),
    ],
    ["models", [models.join(", ")]],
    [
      "gpu",
      [
        gpu.count
          ? `${gpu.count} × ${gpu.type}${gpu.runtimeClass ? `, RuntimeClass ${gpu.runtimeClass}` : ""}`
          : "none: on the CPU",
      ],
    ],
    [
      "storage",
      [
        `models ${storage.models}, database ${storage.database}, images ${storage.images}, uploads ${storage.uploads}, search ${storage.search}`,
        `StorageClass: ${storage.className ?? "the cluster's default"}`,
        storage.onDestroy === "keep" ? "kept by npm run destroy" : "deleted by npm run destroy",
      ],
    ],
    [
      "exposed",
      [
        ingress.librechat ? `LibreChat: everybody who reaches ${ingress.className}` : "LibreChat: not",
        ...(ingress.ollama
          ? [`Ollama (no authentication): ${ingress.ollama.allowedSourceRanges.join(", ")}`]
          : ["Ollama: not"]),
      ],
    ],
    ["urls", [librechatUrl(environment), ...(ingress.ollama ? [`http://${ingress.ollama.host}`] : [])]],
    ...rulesOff(environment.exemptions),
    ["state", [state.backend === "local" ? `state/${environment.name}/ (local files)` : state.backend]],
  ];
}

/** The rules that the environment switches off, and why. */
function rulesOff(exemptions: Exemptions): Row[] {
  const sentences = exemptionSentences(exemptions);
  return sentences.length ? [["rules", sentences]] : [];
}

/** Rows as text that fits into 80 columns, without colours or borders. */
export function headedTable(rows: readonly Row[]): string {
  return columns(
    [12],
    rows.map(([heading, lines]) => [heading, lines.join("\n")]),
  );
}
