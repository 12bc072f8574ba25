import type { ChartsContext } from "../charts/charts-context";
import { checkValues } from "../charts/check-values";
import { listCharts } from "../charts/list-charts";
import { updateKubernetesSchema } from "../charts/update-kubernetes-schema";
import { upgradeChart } from "../charts/upgrade-chart";
import { findHelm } from "../helm/helm";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";
import { print } from "../terminal/print";

export const command = environmentCommand(
  "charts",
  "the charts: which, whether our values reach them, upgrades",
).option("--json", "answer in JSON", false);

function context(): ChartsContext {
  return {
    ...command.opts(),
    root: repository,
    ...(process.env.CHARTS_DIR && { chartsDirectory: process.env.CHARTS_DIR }),
    helm: () => findHelm(process.env),
    print,
  };
}

command
  .command("list")
  .description("those that are deployed: version, application, known keys, digest")
  .action(() => listCharts(context()));

command
  .command("check")
  .description("whether each value that the environment sets changes what is rendered")
  .addHelpText("after", "\nexit code: 0 each does, 1 some do not, or it could not be found out")
  .action(async () => {
    process.exitCode = await checkValues(context());
  });

command
  .command("update")
  .description("another version of a chart into the lock, with its contract")
  .argument("<app>", "name of the chart in charts/lock.yaml")
  .argument("[version]", "default: the newest")
  .action((app, version) => upgradeChart(context(), app, version));

command
  .command("kubernetes")
  .description("Kubernetes's own description of its objects, from the environment's cluster")
  .action(() => updateKubernetesSchema(context()));
