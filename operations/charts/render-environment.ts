import { checkedValues } from "../../applications/release-check";
import { releasesOf } from "../../applications/releases";
import { chartOf } from "../../applications/release-values";
import { loadSettings } from "../../applications/load-settings";
import { verifyPackage } from "../../settings/chart-lock";
import { withTemporaryDirectory } from "../terminal/temporary-directory";
import type { ChartsContext } from "./charts-context";
import { fetchChart } from "./fetch-chart";
import { renderChart } from "./render-chart";

/** What Helm makes of a release. */
export interface RenderedRelease {
  readonly release: string;
  readonly namespace: string;
  readonly manifests: string;
}

/**
 * Renders every release of an environment, without a cluster.
 *
 * @throws SettingsError where a value is wrong, OperationError where a chart cannot be had or does not render
 */
export async function renderEnvironment({
  root,
  environment,
  chartsDirectory,
  helm,
}: Pick<ChartsContext, "root" | "environment" | "chartsDirectory" | "helm">): Promise<RenderedRelease[]> {
  const settings = loadSettings(root, { ENVIRONMENT: environment, CHARTS_DIR: chartsDirectory });
  return Promise.all(
    releasesOf(settings.environment).map(async (release) => {
      const chart = chartOf(settings, release);
      const { version } = chart;
      const values = checkedValues(settings, release);
      const manifests = await withTemporaryDirectory(async (directory) => {
        const file = chart.package ?? (await fetchChart({ chart, version, helm, directory }));
        verifyPackage(file, chart);
        return renderChart({ helm: helm(), chart: file, release: release.name, values });
      });
      return { release: release.name, namespace: release.namespace, manifests };
    }),
  );
}
