import type { Command } from "commander";
import type { ChartsContext } from "../charts/charts-context";
import { checkValues } from "../charts/check-values";
import { listCharts } from "../charts/list-charts";
import { updateKubernetesSchema } from "../charts/update-kubernetes-schema";
import { upgradeChart } from "../charts/upgrade-chart";
import { findHelm } from "../helm/helm";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";

export const command = environmentCommand(
  "charts",
  "the charts: which, whether our values reach them, upgrades",
).option("--json", "answer in JSON", false);

function context(action: Command): ChartsContext {
  return {
    ...action.optsWithGlobals<{ environment: string; json: boolean }>(),
    root: repository,
    ...(process.env.CHARTS_DIR && { chartsDirectory: process.env.CHARTS_DIR }),
    helm: () => findHelm(process.env),
    print: (line) => process.stdout.write(`${line}\n`),
  };
}

command
  .command("list")
  .description("those that are deployed: version, application, known keys, digest")
  .action((_options, action: Command) => listCharts(context(action)));

command
  .command("check")
  .description("whether each value that the environment sets changes what is rendered")
  .addHelpText("after", "\nexit code: 0 each does, 1 some do not, or it could not be found out")
  .action(async (_options, action: Command) => {
    process.exitCode = await checkValues(context(action));
  });

command
  .command("update")
  .description("another version of a chart into the lock, with its contract")
  .argument("<app>", "name of the chart in charts/lock.yaml")
  .argument("[version]", "default: the newest")
  .action((app: string, version: string | undefined, _options, action: Command) =>
    upgradeChart(context(action), app, version),
  );

command
  .command("kubernetes")
  .description("Kubernetes's own description of its objects, from the environment's cluster")
  .action((_options, action: Command) => updateKubernetesSchema(context(action)));
