import { InvalidArgumentError } from "commander";
import execa from "execa";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import Table from "cli-table3";
import { releasesOf } from "../../applications/releases";
import { chartOf, releaseValues } from "../../applications/release-values";
import { type ContractChanges, contractChanges } from "../charts/contract-changes";
import { releaseCheck } from "../../contracts/release-check";
import { type Contract, contractFile, loadContract } from "../../contracts/contract";
import {
  cutKubernetesSchema,
  type OpenApiDocument,
  openApiPaths,
} from "../../contracts/cut-kubernetes-schema";
import { fetchChart } from "../charts/fetch-chart";
import { kubernetesSchemaFile, kubernetesSchemaText } from "../../contracts/kubernetes-schema";
import { renderChart } from "../charts/render-chart";
import { updateChart, writeTogether } from "../charts/update-chart";
import { leavesWithoutEffect, valuesLeaves } from "../charts/values-effects";
import { valuesFaults } from "../../contracts/values-faults";
import { valueSource } from "../../contracts/value-source";
import { OperationError } from "../errors/operation-error";
import { findPrograms, programsOf } from "../sandbox/programs";
import { findProgram } from "../sandbox/toolchain";
import { type Chart, loadChartLock, pinnedChart, verifyPackage } from "../../settings/chart-lock";
import { keyOf } from "../../settings/check";
import { missingSchema } from "../../applications/librechat/schemas";
import { environmentNames } from "../../applications/load-environment";
import { loadSettings } from "../../applications/load-settings";
import type { YamlMap } from "../../settings/yaml-file";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";

interface ChartsContext {
  readonly root: string;
  readonly environment: string;
  /** A directory of chart packages. Default: the charts' repositories. */
  readonly chartsDirectory?: string;
  /** The Helm program, looked for when it is needed. */
  readonly helm: () => string;
  readonly json: boolean;
  readonly print: (line: string) => void;
}

/** The charts that are deployed: version, application version, how many keys the contract knows, digest. */
export function list({ root, chartsDirectory, json, print }: ChartsContext): number {
  const charts = Object.values(loadChartLock(root, chartsDirectory)).map((chart) => {
    const contract = findContract(root, chart);
    return { ...chart, keys: contract && Object.keys(contract.keys).length };
  });
  if (json) {
    print(JSON.stringify(charts));
    return 0;
  }
  const table = new Table({
    head: ["chart", "version", "application", "known keys", "from", "SHA-256"],
    style: { head: [], border: [] },
  });
  for (const { name, version, appVersion, keys, package: file, repository: source, sha256 } of charts) {
    table.push([
      name,
      version,
      appVersion ?? "not known",
      keys ?? `none: npm run charts -- update ${name} ${version}`,
      file ? "CHARTS_DIR" : source,
      sha256 ? `${sha256.slice(0, 12)}…` : "not known",
    ]);
  }
  print(table.toString());
  return 0;
}

/**
 * Changes each value that an environment sets, one at a time, and renders.
 *
 * @returns 0, or 1 when a value changes nothing
 */
export async function check({
  root,
  environment,
  chartsDirectory,
  helm,
  json,
  print,
}: ChartsContext): Promise<number> {
  const settings = loadSettings(root, { ENVIRONMENT: environment, CHARTS_DIR: chartsDirectory });
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-charts-"));
  const start = performance.now();
  const without: string[] = [];
  let leaves = 0;
  try {
    for (const release of releasesOf(settings.environment)) {
      const chart = chartOf(settings, release);
      const { name, version } = chart;
      const file =
        chart.package ??
        (await fetchChart({ chart, version, helm, directory: fs.mkdtempSync(path.join(directory, name)) }));
      verifyPackage(file, chart);
      const values = releaseValues(settings, release);
      const { files } = settings.values(release.name);
      releaseCheck(settings, release.name, chart)(values);
      leaves += valuesLeaves(values).length;
      const found = await leavesWithoutEffect({
        values,
        render: (changed) =>
          renderChart({ helm: helm(), chart: file, release: release.name, values: changed }),
        concurrency: os.availableParallelism(),
      });
      for (const { path: at } of found) {
        const source = valueSource(root, files, at) ?? `environments/${environment}.yaml`;
        without.push(
          `${source}: ${keyOf([...at])}: changes nothing of what the chart ${name} ${version} renders: remove it`,
        );
      }
    }
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  if (json) print(JSON.stringify({ environment, leaves, without, seconds }));
  else {
    for (const line of without) print(line);
    print(
      `${environment}: changed ${leaves} values one at a time: ${leaves - without.length} change what is rendered, ${without.length} do not (${seconds} s)`,
    );
  }
  return without.length ? 1 : 0;
}

/** Puts a version of a chart into the lock, with its contract, and says what it changes for us. */
export async function update(
  { root, chartsDirectory, helm, json, print }: ChartsContext,
  application: string,
  version?: string,
): Promise<number> {
  const chart = pinnedChart(loadChartLock(root), application);
  const before = findContract(root, chart);
  const set = valuesOfAllEnvironments(root, application);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-charts-"));
  try {
    const file = await fetchChart({
      chart,
      helm,
      directory,
      ...(version && { version }),
      ...(chartsDirectory && { chartsDirectory }),
    });
    const { contract, notes } = updateChart({ root, chart, file });
    const changes =
      before &&
      contractChanges(
        before,
        contract,
        set.map(({ values }) => values),
      );
    const refused = [
      ...new Set(
        set.flatMap(({ values }) => valuesFaults(contract, values).map(({ path: at }) => keyOf([...at]))),
      ),
    ];
    // LibreChat's own configuration is checked by the schema of its version, which its chart does not bring.
    const schema = application === "librechat" ? missingSchema(contract.appVersion) : undefined;
    if (json)
      print(
        JSON.stringify({ name: application, version: contract.version, changes, refused, schema, notes }),
      );
    else for (const line of report(contract, changes, refused, schema, notes)) print(line);
    return 0;
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function report(
  contract: Contract,
  changes: ContractChanges | undefined,
  refused: readonly string[],
  schema?: string,
  notes?: string,
): string[] {
  const { name, version, appVersion, keys } = contract;
  const known = `${Object.keys(keys).length} keys in ${contractFile(name, version)}`;
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length ? [title, ...lines.map((line) => `  ${line}`)] : [];
  const needed = section("before its own image is deployed:", schema ? [schema] : []);
  if (!changes || (changes.from.version === version && !changes.added.length && !changes.removed.length)) {
    return [`${name} ${version} (application ${appVersion}): ${known}`, ...needed];
  }
  const show = (value: unknown): string => {
    const text = JSON.stringify(value) ?? "nothing";
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
  };
  const arrow = ({ key, from, to }: ContractChanges["images"][number]): string =>
    `${key}: ${show(from)} → ${show(to)}`;
  return [
    `${name} ${changes.from.version} → ${version} (application ${changes.from.appVersion} → ${appVersion}): ${known}`,
    ...section("keys that we set and that are gone:", changes.gone),
    ...section("keys that we set and that have another default:", changes.defaults.map(arrow)),
    ...section("images with another default:", changes.images.map(arrow)),
    ...section("values that the next synth will refuse:", refused),
    ...needed,
    ...section(`${changes.removed.length} keys are gone, ${changes.added.length} are new`, summary(changes)),
    ...section("its authors say:", notes?.trimEnd().split("\n") ?? []),
    "see what it would change in the cluster with: npm run diff",
  ];
}

/** New and lost keys without those below them, cut to what fits on a screen. */
function summary({ added, removed }: ContractChanges): string[] {
  const highest = (keys: readonly string[]): string[] =>
    keys.filter((key) => !keys.some((other) => key.startsWith(`${other}.`)));
  const lines = [...highest(removed).map((key) => `- ${key}`), ...highest(added).map((key) => `+ ${key}`)];
  return lines.length > 40 ? [...lines.slice(0, 40), `… and ${lines.length - 40} more`] : lines;
}

/** Takes Kubernetes's own description of its objects from a cluster, cut down to what charts make. */
export async function kubernetes(
  { root, environment, print }: ChartsContext,
  kubectl: string,
): Promise<number> {
  const { cluster } = loadSettings(root, { ENVIRONMENT: environment }).environment;
  const kubeconfig = path.resolve(root, cluster.kubeconfig.replace(/^~(?=\/)/, os.homedir()));
  const get = async (url: string): Promise<unknown> => {
    const { stdout } = await execa(kubectl, [
      ...["--kubeconfig", kubeconfig, "--context", cluster.context],
      ...["get", "--raw", url],
    ]).catch((error: Error) => {
      throw new OperationError(
        `the API server of ${cluster.context} did not answer: ${error.message.split("\n").at(-1)}`,
      );
    });
    return JSON.parse(stdout);
  };
  const { gitVersion } = (await get("/version")) as { gitVersion: string };
  const documents = await Promise.all(openApiPaths.map((name) => get(`/openapi/v3/${name}`)));
  const schema = cutKubernetesSchema(gitVersion, documents as OpenApiDocument[]);
  writeTogether(root, [[kubernetesSchemaFile, kubernetesSchemaText(schema)]]);
  print(`${kubernetesSchemaFile}: ${Object.keys(schema.types).length} types of Kubernetes ${gitVersion}`);
  return 0;
}

function findContract(root: string, { name, version }: Chart): Contract | undefined {
  return fs.existsSync(path.join(root, contractFile(name, version)))
    ? loadContract(root, name, version)
    : undefined;
}

function valuesOfAllEnvironments(root: string, chart: string): { values: YamlMap }[] {
  return environmentNames(root).flatMap((ENVIRONMENT) => {
    const settings = loadSettings(root, { ENVIRONMENT });
    return releasesOf(settings.environment)
      .filter((release) => chartOf(settings, release).name === chart)
      .map((release) => ({ values: releaseValues(settings, release) }));
  });
}

/**
 * Helm: the variable HELM, the sandbox's own, or the one on PATH.
 *
 * @throws OperationError when there is none
 */
export function findHelm(variables: NodeJS.ProcessEnv): string {
  const helm = variables.HELM || findPrograms(programsOf(variables))?.helm || findProgram("helm", variables);
  if (helm) return helm;
  throw new OperationError(
    "no helm on this machine: looked in the variable HELM, in the sandbox and on PATH; npm run up provides one, or install Helm 3 (https://helm.sh/docs/intro/install)",
  );
}

const actions = {
  list: { least: 0, most: 0, run: (context: ChartsContext) => list(context) },
  check: { least: 0, most: 0, run: (context: ChartsContext) => check(context) },
  update: {
    least: 1,
    most: 2,
    run: (context: ChartsContext, [application = "", version]: readonly string[]) =>
      update(context, application, version),
  },
  kubernetes: {
    least: 0,
    most: 0,
    run: (context: ChartsContext) => kubernetes(context, process.env.KUBECTL || "kubectl"),
  },
};

export const command = environmentCommand(
  "charts",
  "the charts: which, whether our values reach them, upgrades",
)
  .argument("<action>", "list, check, update APP [VERSION], or kubernetes", (name: string) => {
    if (name in actions) return name as keyof typeof actions;
    throw new InvalidArgumentError(`allowed: ${Object.keys(actions).join(", ")}`);
  })
  .argument("[arguments...]", "of update: the application, and the version (default: the newest)")
  .option("--json", "answer in JSON", false)
  .action(
    async (name: keyof typeof actions, args: string[], options: { environment: string; json: boolean }) => {
      const { least, most, run } = actions[name];
      if (args.length < least || args.length > most) {
        throw new OperationError(
          `charts ${name}: found ${args.length} arguments (allowed: ${name === "update" ? "APP [VERSION]" : "none"}), as in: npm run charts -- update ollama 1.77.0`,
        );
      }
      process.exitCode = await run(
        {
          ...options,
          root: repository,
          ...(process.env.CHARTS_DIR && { chartsDirectory: process.env.CHARTS_DIR }),
          helm: () => findHelm(process.env),
          print: (line) => process.stdout.write(`${line}\n`),
        },
        args,
      );
    },
  );
