import { checkAnyValues, printContract, printJsonSchema } from "../charts/any-chart";
import type { ChartsContext } from "../charts/charts-context";
import { checkValues } from "../charts/check-values";
import { listCharts } from "../charts/list-charts";
import { listImages } from "../charts/list-images";
import { measureContracts } from "../charts/measure-contracts";
import { updateKubernetesSchema } from "../charts/update-kubernetes-schema";
import { upgradeChart } from "../charts/upgrade-chart";
import { findHelm } from "../helm/helm";
import { programsOf, provideChartProbe } from "../sandbox/programs";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";
import { print, write } from "../terminal/print";

export const command = environmentCommand(
  "charts",
  "the charts: which, whether our values reach them, upgrades",
).option("--json", "answer in JSON", false);

const note = (line: string): void => write(`${line}\n`, process.stderr);

function context(): ChartsContext {
  return {
    ...command.opts(),
    root: repository,
    ...(process.env.CHARTS_DIR && { chartsDirectory: process.env.CHARTS_DIR }),
    helm: () => findHelm(process.env),
    probe: () => provideChartProbe({ ...programsOf(process.env), onProgress: note }),
    print,
  };
}

command
  .command("list")
  .description("those that are deployed: version, application, known keys, digest, and what is newer")
  .action(() => listCharts(context()));

command
  .command("check")
  .description("whether each value that the environment sets changes what is rendered")
  .addHelpText("after", "\nexit code: 0 each does, 1 some do not, or it could not be found out")
  .action(async () => {
    process.exitCode = await checkValues(context());
  });

command
  .command("images")
  .description("every image that the environment runs, with the digest that its registry has for it")
  .action(() => listImages(context()));

command
  .command("update")
  .description("another version of a chart into the lock, with its contract")
  .argument("<app>", "name of the chart in charts/lock.yaml")
  .argument("[version]", "default: the newest")
  .action((app, version) => upgradeChart(context(), app, version));

command
  .command("contract")
  .description("the contract of any chart's package")
  .argument("<package>", "a file, such as redis-23.1.1.tgz")
  .action((file) => printContract({ ...context(), note }, file));

command
  .command("check-values")
  .description("whether values reach what any chart renders")
  .argument("<package>", "a file, such as redis-23.1.1.tgz")
  .argument("<values...>", "YAML files, the last one winning; - is the standard input")
  .addHelpText(
    "after",
    "\nexit code: 0 no value is refused, 1 some are, or Helm does not render them, or it could not be found out",
  )
  .action(async (file, values) => {
    process.exitCode = await checkAnyValues({ ...context(), note }, file, values);
  });

command
  .command("json-schema")
  .description("a values.schema.json for any chart's package, which Helm and editors read")
  .argument("<package>", "a file, such as redis-23.1.1.tgz")
  .action((file) => printJsonSchema({ ...context(), note }, file));

command
  .command("measure")
  .description("how the contracts of a folder of packages hold against what rendering shows, as a table")
  .argument("<folder>", "packages, such as redis-23.1.1.tgz")
  .action((folder) => measureContracts({ ...context(), note }, folder));

command
  .command("kubernetes")
  .description("Kubernetes's own description of its objects, from the environment's cluster")
  .action(() => updateKubernetesSchema(context()));
