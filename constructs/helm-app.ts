import { Release } from "@cdktf/provider-helm/lib/release";
import {
  AssetType,
  type IResolvable,
  type ITerraformDependable,
  TerraformAsset,
  TerraformOutput,
  Token,
} from "cdktf";
import { Construct } from "constructs";
import type { ValuesCheck } from "../contracts/check-values";
import type { Chart } from "../settings/chart-lock";
import { credentialsRevisionAnnotation } from "../settings/credentials";
import { mergeValues } from "../settings/values";
import { toYaml, type YamlMap } from "../settings/yaml-file";
import { reachableCluster } from "./reachable-cluster";
import { literal } from "./terraform-text";

export interface HelmAppProps {
  readonly chart: Chart;
  /** The chart's values, merged. They are deployed without comments: Terraform keeps them twice in the state. */
  readonly values: YamlMap;
  /** Refuses values that the chart does not know: `releaseCheck(settings, release)`. */
  readonly check: ValuesCheck;
  /** Name of the release. @default - the name of the chart */
  readonly release?: string;
  /** Must exist. @default - the name of the release */
  readonly namespace?: string;
  /** How long pods may take to become ready. @default 600 */
  readonly timeoutSeconds?: number;
  /** Pods that read credentials only when they start, so that a new revision must restart them. @default - none */
  readonly restartOn?: readonly RestartOn[];
  /** What must be there before it. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** Pods that are made anew when a revision differs. */
export interface RestartOn {
  /** As {@link revisionOf} makes it. */
  readonly revision: IResolvable;
  /** Where in the values the annotations of those pods are, such as `worker.podAnnotations`. */
  readonly podAnnotations: string;
}

/**
 * One application as one Helm release: pinned, waited for, and taken back instead of refused when it is in the cluster
 * already.
 *
 * The scope's stack needs both providers: `connectHelm` and `connectKubernetes`.
 *
 * Removing it removes the release; a claim goes with it unless the chart keeps it.
 *
 * @see https://registry.terraform.io/providers/hashicorp/helm/3.1.1/docs/resources/release
 */
export class HelmApp extends Construct implements ITerraformDependable {
  public readonly fqn: string;

  constructor(scope: Construct, id: string, props: HelmAppProps) {
    super(scope, id);
    const { chart, values, check, timeoutSeconds = 600, restartOn = [], dependsOn = [] } = props;
    // In the order of Terraform's jsonencode, so that npm run eject can write it as that.
    const sorted = [...restartOn].sort((one, other) => (one.podAnnotations < other.podAnnotations ? -1 : 1));
    const restart = sorted.length > 0 ? mergeValues(sorted.map(restartValues)) : undefined;
    check(restart ? mergeValues([values, restart]) : values);
    const name = props.release ?? chart.name;
    const namespace = props.namespace ?? name;

    // The child that is called Default adds nothing to the logical id: the release is helm_release.NAME.
    const release = new Release(this, "Default", {
      name,
      namespace,
      ...this.source(chart),
      version: chart.version,
      // The second is JSON, which is YAML: an annotation is a string, and unquoted the number would be a number.
      values: [literal(toYaml(values)), ...(restart ? [JSON.stringify(restart)] : [])],

      // The foundation makes the namespaces, with their labels and policies.
      createNamespace: false,
      // A release that is in the cluster but not in the state, after a failed first install or a lost state, is taken back.
      upgradeInstall: true,
      wait: true,
      timeout: timeoutSeconds,
      // The provider's own limit, 20 minutes, would cut a longer wait short.
      timeouts: limits(timeoutSeconds),
      // Helm's own default; the provider's is to keep every revision.
      maxHistory: 10,
      // Two and a half kilobytes of advice in the state that nobody reads there.
      renderSubchartNotes: false,
      // It validates nothing: an API server of Kubernetes 1.25 or newer can look for unknown fields itself, and where it can, Helm
      // neither looks nor has it look. What it takes is to read all that the server says of its APIs, for each release anew.
      disableOpenapiValidation: true,
      dependsOn: [reachableCluster(this, namespace), ...dependsOn],
    });
    this.fqn = release.fqn;

    const output = new TerraformOutput(this, "output", {
      value: Token.asAny({ name: release.name, namespace: release.namespace, version: release.version }),
      description: `the release ${name} and the version of its chart`,
    });
    output.overrideLogicalId(`${id.replaceAll("-", "_")}_release`);
  }

  /** The repository, or the package itself: copied beside the configuration, so that no path of this machine is in it. */
  private source({ name, repository, package: file }: Chart): { chart: string; repository?: string } {
    if (!file) return { chart: name, repository };
    return { chart: `./${new TerraformAsset(this, "chart", { path: file, type: AssetType.FILE }).path}` };
  }
}

function limits(timeoutSeconds: number): { create: string; update: string; delete: string } {
  const limit = `${timeoutSeconds + 60}s`;
  return { create: limit, update: limit, delete: limit };
}

function restartValues({ revision, podAnnotations }: RestartOn): YamlMap {
  return podAnnotations.split(".").reduceRight<YamlMap>((inner, key) => ({ [key]: inner }), {
    [credentialsRevisionAnnotation]: Token.asString(revision),
  });
}
