import { releasesOf } from "../../applications/releases";
import { chartOf, releaseValues } from "../../applications/release-values";
import { applications } from "../../applications/registry";
import { type CheckedValues, withoutHolders } from "../../contracts/check-values";
import type { Contract } from "../../contracts/contract";
import { contractFile, findContract } from "../../contracts/contract-file";
import { anchorsIn } from "../../contracts/used-anchors";
import { valuesDoubts, type ValuesFault, valuesFaults } from "../../contracts/values-faults";
import { archivedImages } from "../../policies/archived-image";
import { loadChartLock, pinnedChart } from "../../settings/chart-lock";
import { keyOf } from "../../settings/check";
import { environmentNames } from "../../applications/load-environment";
import { loadSettings } from "../../applications/load-settings";
import type { YamlMap } from "../../settings/yaml-file";
import { withTemporaryDirectory } from "../terminal/temporary-directory";
import type { ChartsContext } from "./charts-context";
import { type ContractChanges, contractChanges } from "./contract-changes";
import { elsewhere, fetchChart } from "./fetch-chart";
import { updateChart } from "./update-chart";

/** Puts a version of a chart into the lock, with its contract, and says what it changes for us. */
export async function upgradeChart(
  { root, chartsDirectory, helm, probe, json, print }: ChartsContext,
  application: string,
  version?: string,
): Promise<void> {
  const chart = pinnedChart(loadChartLock(root), application);
  const before = findContract(root, chart.name, chart.version);
  // Values may be made with the contract of their chart: where there is none yet, with the one that is made here.
  const present = before && setInAllEnvironments(root, application);
  const known = applications.find((one) => one.chart === application);
  const home = known?.chartRepository;
  await withTemporaryDirectory(async (directory) => {
    const file = await fetchChart({ chart, helm, directory, version, home, chartsDirectory });
    const { contract, notes, own, unproved } = await updateChart({
      root,
      chart,
      file,
      probe,
      values: present?.map(({ values }) => values),
    });
    const all = present ?? setInAllEnvironments(root, application);
    const set = all.map(({ values }) => values);
    const changes = before && contractChanges(before, contract, set);
    const { familiarKeys = {} } = known ?? {};
    const told = (faultsOf: typeof valuesFaults): ValuesFault[] =>
      all.flatMap((one) =>
        withoutHolders({ ...one, contract, familiarKeys }, faultsOf(contract, one.values)),
      );
    const [faults, doubts] = [told(valuesFaults), told(valuesDoubts)];
    const keys = (of: readonly ValuesFault[]) => [...new Set(of.map(({ path }) => keyOf([...path])))];
    const found: Found = {
      changes,
      refused: keys(faults),
      untried: keys(doubts),
      own,
      schema: known?.missingFor?.(contract.appVersion),
      needed: known?.neededByChart?.(contract.version),
      elsewhere: elsewhere(chart, home)[0],
      archived: [...new Set(set.flatMap((values) => archived(contract, values)))],
      notes,
      unproved,
    };
    if (json) print(JSON.stringify({ name: application, version: contract.version, ...found }));
    else for (const line of report(contract, found)) print(line);
  });
}

/** What an update changes for us. */
interface Found {
  readonly changes?: ContractChanges;
  /** Keys that we set and the next synth refuses. */
  readonly refused: readonly string[];
  /** Keys that we set and of which it is not known whether they do something. */
  readonly untried: readonly string[];
  /** What the contract refuses of what the chart's authors set. */
  readonly own: readonly string[];
  readonly schema?: string;
  readonly needed?: string;
  readonly elsewhere?: string;
  readonly archived: readonly string[];
  readonly notes?: string;
  readonly unproved?: string;
}

function report(contract: Contract, found: Found): string[] {
  const { name, version, appVersion, keys } = contract;
  const { changes, refused, notes } = found;
  const known = `${Object.keys(keys).length} keys in ${contractFile(name, version)}`;
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length ? [title, ...lines.map((line) => `  ${line}`)] : [];
  const needed = [
    ...section("before its own image is deployed:", found.schema ? [found.schema] : []),
    ...section("before it is deployed:", found.needed ? [found.needed] : []),
    ...section("images whose home is an archive:", found.archived),
    ...section("its repository:", found.elsewhere ? [found.elsewhere] : []),
    ...section("the contract was inferred and is not proved:", found.unproved ? [found.unproved] : []),
    ...section("values of ours that could not be tried:", found.untried),
    ...section("values of the chart's authors that the contract refuses:", found.own),
  ];
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

/** Images that our values, or the chart's own, take from a home that is an archive. */
function archived(contract: Contract, values: YamlMap): string[] {
  const place = (path: readonly (string | number)[]): string => keyOf([...path]);
  return archivedImages({ chart: contract.name, contract, values, place }).map(
    ({ place: key, text }) => `${key}: ${text}`,
  );
}

/** New and lost keys without those below them, cut to what fits on a screen. */
function summary({ added, removed }: ContractChanges): string[] {
  const highest = (keys: readonly string[]): string[] =>
    keys.filter((key) => !keys.some((other) => key.startsWith(`${other}.`)));
  const lines = [...highest(removed).map((key) => `- ${key}`), ...highest(added).map((key) => `+ ${key}`)];
  return lines.length > 40 ? [...lines.slice(0, 40), `… and ${lines.length - 40} more`] : lines;
}

/** What environments set of a chart. */
export function valuesOfAllEnvironments(root: string, chart: string): YamlMap[] {
  return setInAllEnvironments(root, chart).map(({ values }) => values);
}

function setInAllEnvironments(root: string, chart: string): Pick<CheckedValues, "values" | "anchors">[] {
  return environmentNames(root).flatMap((ENVIRONMENT) => {
    const settings = loadSettings(root, { ENVIRONMENT });
    return releasesOf(settings.environment)
      .filter((release) => chartOf(settings, release).name === chart)
      .map((release) => ({
        values: releaseValues(settings, release),
        anchors: () => anchorsIn(root, settings.values(release.name).files),
      }));
  });
}
