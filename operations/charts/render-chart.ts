import { OperationError } from "../../operations/errors/operation-error";
import { kubernetesVersion } from "../../operations/sandbox/components";
import { homeDirectory } from "../../operations/terminal/home-directory";
import { runProgram } from "../../operations/terminal/run-program";
import type { YamlMap } from "../../settings/yaml-file";

/** One rendering of a chart, as Terraform's provider would have Helm do it. */
export interface RenderChartProps {
  /** The Helm program. */
  readonly helm: string;
  /** A package or an unpacked chart. */
  readonly chart: string;
  /** Name of the release and of its namespace. */
  readonly release: string;
  readonly values: YamlMap;
  /** Whether a release is there already. @default false */
  readonly upgrade?: boolean;
}

/**
 * The manifests that a chart makes of values, without a cluster, for the Kubernetes version of the sandbox.
 *
 * @throws OperationError with what Helm says, when it does not render
 */
export async function renderChart({
  helm,
  chart,
  release,
  values,
  upgrade,
}: RenderChartProps): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram(
    helm,
    [
      ...["template", release, chart, "--namespace", release, "--values", "-"],
      // Each build of Helm claims a Kubernetes of its own; what is rendered must not depend on it.
      ...["--kube-version", kubernetesVersion()],
      ...(upgrade ? ["--is-upgrade"] : []),
    ],
    // JSON is YAML. Helm's own variables, such as a namespace, must not change what is rendered.
    { input: JSON.stringify(values), variables: { HOME: homeDirectory() } },
  );
  if (exitCode === 0) return stdout;
  const reason = stderr
    .split("\n")
    .filter((line) => line && !line.startsWith("coalesce.go"))
    .join("\n");
  throw new OperationError(`${release}: helm template: ${reason || `ended with ${exitCode}`}`);
}
