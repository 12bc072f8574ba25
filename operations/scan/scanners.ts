import { kubernetesVersion } from "../sandbox/components";
import type { PinnedProgram } from "../sandbox/pinned-program";
import type { Finding } from "./findings";

/** A public program that looks for faults in manifests. */
export interface Scanner extends PinnedProgram {
  /** What it is given before the file. */
  readonly arguments: readonly string[];
  /**
   * Reads what it prints.
   *
   * @throws Error where it is no answer
   */
  readonly findings: (output: string) => Finding[];
  /** Why it could not look, by what it prints. @default - it could */
  readonly unavailable?: (output: string) => string | undefined;
}

/** Each at one version, and by what Go fetches where PATH has none. */
export const scanners: readonly Scanner[] = [
  {
    name: "kube-score",
    // renovate: datasource=github-releases depName=zegl/kube-score
    version: "1.20.0",
    fetched: [["go", "run", "github.com/zegl/kube-score/cmd/kube-score@v{version}"]],
    asked: ["version"],
    arguments: [
      ...["score", "--output-format", "json"],
      ...["--kubernetes-version", kubernetesVersion().replace(/\.\d+$/, "")],
    ],
    findings: scored,
  },
  {
    name: "kubeconform",
    // renovate: datasource=github-releases depName=yannh/kubeconform
    version: "0.8.0",
    fetched: [["go", "run", "github.com/yannh/kubeconform/cmd/kubeconform@v{version}"]],
    asked: ["-v"],
    arguments: ["-output", "json", "-strict", "-kubernetes-version", kubernetesVersion().slice(1)],
    findings: (output) =>
      conforming(output).map(({ kind, name, msg }) => ({
        check: "schema",
        object: `${kind}/${name}`,
        text: msg,
      })),
    // It fetches the schemas of that Kubernetes.
    unavailable: (output) =>
      conforming(output)
        .find(({ status }) => status === "statusError")
        ?.msg.replace(/: Get .*/s, ""),
  },
];

/** What kube-score says in its JSON: of each object each check, with 10 where nothing is wrong. */
function scored(output: string): Finding[] {
  const objects = JSON.parse(output) as readonly Scored[];
  return objects.flatMap(({ type_meta, object_meta, checks }) =>
    checks
      .filter(({ grade, skipped }) => grade < 10 && !skipped)
      .flatMap(({ check, comments }) =>
        (comments ?? []).map(({ path, summary }) => ({
          check: check.id,
          object: `${type_meta.kind}/${object_meta.name}`,
          text: path ? `${path}: ${summary}` : summary,
        })),
      ),
  );
}

interface Scored {
  readonly type_meta: { readonly kind: string };
  readonly object_meta: { readonly name: string };
  readonly checks: readonly {
    readonly check: { readonly id: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

/** What kubeconform says in its JSON: of each object that is not as its schema says. */
function conforming(output: string): readonly Conforming[] {
  return (JSON.parse(output) as { readonly resources?: readonly Conforming[] }).resources ?? [];
}

interface Conforming {
  readonly kind: string;
  readonly name: string;
  /** `statusError` where there is no schema to hold it against. */
  readonly status: string;
  readonly msg: string;
}
