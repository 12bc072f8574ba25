import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { type ChartPackage, defaultValues, readChartPackage } from "../../contracts/chart-package";
import type { Contract } from "../../contracts/contract";
import { loadContract } from "../../contracts/contract-file";
import { renderChart } from "../../operations/charts/render-chart";
import { makeContract } from "../../operations/charts/make-contract";
import { contractFiles, writeTogether } from "../../operations/charts/update-chart";
import { valuesOfAllEnvironments } from "../../operations/charts/upgrade-chart";
import { ChartProbe } from "../../operations/charts/chart-probe";
import { leavesWithoutEffect } from "../../operations/charts/check-values";
import { splitPath } from "../../contracts/value-path";
import { changed } from "../../operations/charts/values-effects";
import { valuesFaults } from "../../contracts/values-faults";
import { loadChartLock, pinnedChart } from "../../settings/chart-lock";
import { keyOf } from "../../settings/check";
import { mergeValues } from "../../settings/values";
import { parseYamlMap, toYaml, type YamlMap } from "../../settings/yaml-file";
import { failure } from "../unit/failure";
import { repository, sampleRepository } from "../unit/sample-repository";
import { synthesizePlatform } from "../unit/synthesize-platform";
import { chartProbe, chartsDirectory, helm, rendering } from "./machine";

const names = Object.keys(loadChartLock(repository));

function packageOf(name: string): { file: string; chart: ChartPackage; contract: Contract } {
  const { version, package: file } = pinnedChart(loadChartLock(repository, chartsDirectory), name);
  const chart = readChartPackage(file as string);
  return { file: file as string, chart, contract: loadContract(repository, name, version) };
}

const committed = (file: string): string => fs.readFileSync(path.join(repository, file), "utf8");

// Switched off; the package that the contract was made from holds another version of it than the repository's.
const ofRedis = (key: string): boolean => /^redis(\.|$)/.test(key);

// With UPDATE_DOCS=1 the files are written anew instead.
for (const name of names) {
  rendering(
    `making the contract of ${name} again, with the types and the schema of its values, changes no byte`,
    async () => {
      const { file, chart, contract } = packageOf(name);
      const values = valuesOfAllEnvironments(repository, name);
      const made = await makeContract({ file, chart, values, probe: chartProbe });
      expect(made.unproved).toBeUndefined();
      const keys = Object.fromEntries([
        ...Object.entries(made.contract.keys).filter(([key]) => !ofRedis(key)),
        ...Object.entries(contract.keys).filter(([key]) => ofRedis(key)),
      ]);
      const files = contractFiles({ ...made.contract, keys });
      if (process.env.UPDATE_DOCS) writeTogether(repository, files);
      expect(files.filter(([file, text]) => text !== committed(file)).map(([file]) => file)).toEqual([]);
    },
    600_000,
  );
}

test.each(names)("the lock has the version of the application that %s deploys", (name) => {
  const { chart } = packageOf(name);
  expect(pinnedChart(loadChartLock(repository), name).appVersion).toBe(chart.appVersion);
});

test.each(names)("the own values of %s are right, all of them", (name) => {
  const { chart, contract } = packageOf(name);
  expect(valuesFaults(contract, defaultValues(chart)).map(({ path }) => keyOf([...path]))).toEqual([]);
});

test.each(names)(
  "the own values of %s, copied whole into a values file, break no rule but that of open policies",
  (name) => {
    const { chart } = packageOf(name);
    const sample = sampleRepository();
    sample.write(`values/${name}.yaml`, toYaml(chart.values));
    const closed = () => synthesizePlatform("minikube", { sample, chartsDirectory });
    // The NetworkPolicy of LibreChat's MongoDB lets everybody in; Ollama's chart has none.
    if (name === "ollama") expect(closed).not.toThrow();
    else
      expect(failure(closed)).toMatch(
        /^values\/\S+: mongodb\.networkPolicy\.enabled: .*\(rule open-network\)\nfix it[^\n]*$/,
      );
  },
);

test("what is global for a subchart alone, and what a chart puts in quotes, changes what is rendered", async () => {
  const { file, contract } = packageOf("librechat");
  const base: YamlMap = { librechat: { configEnv: { A: "a" } } };
  const render = (values: YamlMap): Promise<string> =>
    renderChart({ helm, chart: file, release: "librechat", values });
  const before = await render(base);
  for (const [text, rendered] of [
    ["mongodb: { global: { imagePullSecrets: [registry] } }", "- name: registry"],
    ["mongodb: { global: { storageClass: fast } }", "storageClassName: fast"],
    ["mongodb: { image: { pullSecrets: [registry] } }", "- name: registry"],
    ["global: { imagePullSecrets: [{ name: registry }] }", "- name: registry"],
    ["meilisearch: { environment: { MEILI_MAX_INDEXING_THREADS: 2 } }", 'MEILI_MAX_INDEXING_THREADS: "2"'],
    ["meilisearch: { environment: { MEILI_EXPERIMENTAL_LOGS: yes } }", 'MEILI_EXPERIMENTAL_LOGS: "true"'],
  ] as const) {
    const values = mergeValues([base, parseYamlMap(text, "values.yaml")]);
    expect(valuesFaults(contract, values)).toEqual([]);
    expect(before).not.toContain(rendered);
    expect(await render(values)).toContain(rendered);
  }
});

rendering(
  "the contract and the renderings agree on which of the article's values do nothing",
  async () => {
    const { file, contract } = packageOf("librechat");
    const values = load(committed("__tests__/fixtures/as-published/librechat.yaml")) as YamlMap;
    const probe = new ChartProbe(await chartProbe(), file, "librechat");
    const without = await leavesWithoutEffect(probe, values).finally(() => probe.close());
    const refused = valuesFaults(contract, values).map(({ path }) => keyOf([...path]));
    expect(without.map(({ path }) => keyOf([...path]))).toEqual(refused);
    expect(refused).toHaveLength(11);
  },
  60_000,
);

test("MongoDB's root password is read where its authentication is on: the templates are given its path as text", async () => {
  const { file, contract } = packageOf("librechat");
  const values: YamlMap = {
    librechat: { configEnv: { A: "a" } },
    mongodb: { auth: { enabled: true, rootPassword: "one-root-password" } },
  };
  const render = (values: YamlMap): Promise<string> =>
    renderChart({ helm, chart: file, release: "librechat", values });
  expect(valuesFaults(contract, values)).toEqual([]);
  expect(await render(values)).toContain(Buffer.from("one-root-password").toString("base64"));
  const off = mergeValues([values, { mongodb: { auth: { enabled: false } } }]);
  expect(valuesFaults(contract, off).map(({ path }) => keyOf([...path]))).toEqual([
    "mongodb.auth.rootPassword",
  ]);
  expect(await render(off)).not.toContain(Buffer.from("one-root-password").toString("base64"));
});

/** Keys of one word's values: what a person would set. */
function scalarKeys({ keys }: Contract, wanted: (path: string) => boolean): string[] {
  return Object.keys(keys).filter((path) => {
    const key = keys[path];
    return !path.includes("*") && key && !["map", "list", "any"].includes(key.type) && wanted(path);
  });
}

function nested(path: string, value: unknown): YamlMap {
  return splitPath(path).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as YamlMap;
}

test("what the contracts call unread changes nothing when it is rendered", async () => {
  const { file, contract } = packageOf("librechat");
  const base: YamlMap = { librechat: { configEnv: { A: "a" } } };
  const render = (values: YamlMap): Promise<string> =>
    renderChart({ helm, chart: file, release: "librechat", values });
  const before = await render(base);
  const unread = scalarKeys(
    contract,
    (path) => contract.keys[path]?.unread === true && !/^(redis|librechat-rag-api)\./.test(path),
  );
  expect(unread).toContain("service.targetPort");
  for (const path of unread) {
    const value = changed(contract.keys[path]?.default ?? "x");
    expect([path, (await render(mergeValues([base, nested(path, value)]))) === before]).toEqual([path, true]);
  }
}, 60_000);

test("what the contract of ollama says is read without a condition changes what is rendered", async () => {
  const { file, contract } = packageOf("ollama");
  const render = (values: YamlMap): Promise<string> =>
    renderChart({ helm, chart: file, release: "ollama", values }).catch((error: Error) => error.message);
  const before = await render({});
  const read = scalarKeys(contract, (path) => !contract.keys[path]?.unread && !contract.keys[path]?.needs);
  expect(read.length).toBeGreaterThan(10);
  const ignored: string[] = [];
  for (const path of read) {
    if ((await render(nested(path, changed(contract.keys[path]?.default ?? "x")))) === before)
      ignored.push(path);
  }
  expect(ignored).toEqual([]);
}, 60_000);

test.each(names)(
  "what the contract of %s says is off by default changes nothing that is rendered",
  async (name) => {
    const { file, contract } = packageOf(name);
    const base: YamlMap = name === "librechat" ? { librechat: { configEnv: { A: "a" } } } : {};
    const render = (values: YamlMap): Promise<string> =>
      renderChart({ helm, chart: file, release: name, values });
    const before = await render(base);
    const off = scalarKeys(contract, (path) => {
      // A chart of a chart is switched off with all that is in it: a few hundred keys that say the same.
      if (/^(redis|librechat-rag-api)\./.test(path)) return false;
      const value = changed(contract.keys[path]?.default ?? "x");
      return valuesFaults(contract, nested(path, value)).some(({ problem }) => problem.kind === "off");
    });
    expect(off.length).toBeGreaterThan(20);
    const waiting = off[Symbol.iterator]();
    const effective: string[] = [];
    const work = async (): Promise<void> => {
      for (const path of waiting) {
        const value = changed(contract.keys[path]?.default ?? "x");
        // JSON schemas refuse some: those are no values that do something either.
        const after = await render(mergeValues([base, nested(path, value)])).catch(() => before);
        if (after !== before) effective.push(path);
      }
    };
    await Promise.all([work(), work()]);
    expect(effective).toEqual([]);
  },
  180_000,
);
