import type { Contract } from "../../../contracts/contract";
import { loadContract } from "../../../contracts/contract-file";
import { deriveContract } from "../../../contracts/derive-contract";
import { kubernetesSchema } from "../../../contracts/kubernetes-schema";
import { joinPath, splitPath } from "../../../contracts/value-path";
import { valuesFaults } from "../../../contracts/values-faults";
import { kubernetesDefinitions, kubernetesTypesSchema } from "../../../contracts/kubernetes-json-schema";
import { helmSchema, valuesSchema } from "../../../contracts/values-schema";
import { loadChartLock } from "../../../settings/chart-lock";
import type { YamlMap } from "../../../settings/yaml-file";
import { anyValues } from "../places";
import { repository } from "../sample-repository";
import { faultsOf, validator } from "../validator";
import { sampleChart } from "./sample-chart";

const candidates = [
  ...anyValues,
  ...["4Gi", "Always", [{ name: "x" }], [{ nmae: "x" }], { enabled: true }, { unheard: { of: 1 } }],
];

/** Values that say one thing, at the path of a contract. */
function valuesWith(contract: Contract, key: string, value: unknown): YamlMap {
  const build = ([name, ...rest]: readonly string[], known: string): unknown => {
    if (name === undefined) return value;
    const below = build(rest, joinPath(known, name));
    if (name !== "*") return { [name]: below };
    return contract.keys[known]?.type === "list" ? [below] : { any: below };
  };
  return build(splitPath(key), "") as YamlMap;
}

const types = { $id: kubernetesDefinitions, ...kubernetesTypesSchema(kubernetesSchema()) };

const charts = loadChartLock(repository);

test.each(Object.values(charts))(
  "the schema of $name's values says what the program's own check says, but for what depends on other values",
  ({ name, version }) => {
    const contract = loadContract(repository, name, version);
    const validate = validator(types).compile(valuesSchema(contract));
    const different: unknown[] = [];
    for (const key of Object.keys(contract.keys)) {
      const own = contract.keys[key]?.default;
      for (const value of own === undefined ? candidates : [...candidates, own]) {
        const values = valuesWith(contract, key, value);
        const refused = valuesFaults(contract, values).some(
          ({ problem }) => !["off", "null", "image"].includes(problem.kind),
        );
        if (validate(values) === refused) {
          different.push([
            key,
            value,
            refused ? "is refused by the check alone" : faultsOf(validate, values),
          ]);
        }
      }
    }
    expect(different).toEqual([]);
  },
);

test("what a key takes, its default and when it is read is said at the key", () => {
  const contract: Contract = {
    name: "sample",
    version: "1.0.0",
    appVersion: "2.0.0",
    keys: {
      cache: { type: "map", needs: [["cache.enabled"]] },
      "cache.enabled": { type: "boolean", default: false },
      "cache.nodes": { type: "map" },
      "cache.nodes.count": { type: "number", default: 3, needs: [["cache.enabled", "mode=cluster"]] },
      "cache.nodes.size": { type: "string", needs: [["cache.enabled", "mode=cluster"]] },
      mode: { type: "string", default: "single", allowed: ["single", "cluster"] },
      old: { type: "string", unread: true },
      resources: { type: "map", default: {}, kubernetes: ["core.v1.ResourceRequirements"] },
    },
  };
  const properties = valuesSchema(contract).properties ?? {};
  expect(properties.cache).toEqual({
    description: "Read only when cache.enabled is on.",
    type: ["object", "null"],
    properties: {
      enabled: { type: ["boolean", "null"], default: false },
      nodes: {
        description: "Read only when mode is cluster.",
        type: ["object", "null"],
        properties: {
          count: { type: ["number", "null"], default: 3 },
          size: { type: ["string", "null"] },
        },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  });
  expect(properties.mode).toEqual({ enum: ["single", "cluster", null], default: "single" });
  expect(properties.resources).toEqual({
    $ref: "kubernetes.json#/definitions/core.v1.ResourceRequirements",
    default: {},
  });
  expect(properties.old).toMatchObject({
    errorMessage: "the chart sample 1.0.0 declares this key, but nothing in it reads it: remove it",
    doNotSuggest: true,
  });
});

test("the schema for Helm takes the chart's own values, with what Helm adds, and refuses a misspelt key", () => {
  const library = { key: "common", chart: sampleChart({ name: "common", library: true }) };
  const chart = sampleChart({
    values: { port: 80, spare: "x", spread: {} },
    templates: {
      "a.yaml":
        "apiVersion: v1\nkind: Pod\nspec:\n  nodeName: {{ .Values.port }}\n  topologySpreadConstraints: {{ toYaml .Values.spread | nindent 4 }}",
    },
    subcharts: [library],
  });
  const contract = deriveContract(chart, kubernetesSchema());
  const takes = validator().compile(helmSchema(contract, chart));
  const merged = { ...chart.values, global: {}, common: { global: {} } };
  expect(faultsOf(takes, merged)).toEqual([]);
  expect(faultsOf(takes, { ...merged, prot: 80 })).not.toEqual([]);
  expect(faultsOf(takes, { ...merged, spare: "y" })).not.toEqual([]);
  // Nor may it refuse what the chart sets and the contract does not name.
  const keys = Object.fromEntries(Object.entries(contract.keys).filter(([key]) => key !== "spare"));
  const lacking = validator().compile(helmSchema({ ...contract, keys }, chart));
  expect(faultsOf(lacking, merged)).toEqual([]);
  expect(faultsOf(lacking, { ...merged, spare: "y" })).not.toEqual([]);
});

test("the schema for Helm takes what a template in a text of the values may name, where the chart renders such texts", () => {
  const refusal = (template: string, values: YamlMap, own: YamlMap = { url: "" }): unknown[] => {
    const chart = sampleChart({ values: own, templates: { "a.yaml": template } });
    const takes = validator().compile(helmSchema(deriveContract(chart, kubernetesSchema()), chart));
    return faultsOf(takes, { ...own, ...values });
  };
  const named = { domain: "example.org", url: "https://{{ .Values.domain }}" };
  expect(refusal("{{ tpl .Values.url . }}", named)).toEqual([]);
  expect(refusal("{{ tpl .Values.url . }}", { ...named, url: "https://{{ .Release.Name }}" })).not.toEqual(
    [],
  );
  expect(refusal("{{ .Values.url }}", named)).not.toEqual([]);
});

test("a text that says off is refused for a switch", () => {
  const contract: Contract = {
    ...{ name: "sample", version: "1.0.0", appVersion: "2.0.0" },
    keys: { on: { type: "any", default: true } },
  };
  const validate = validator(types).compile(valuesSchema(contract));
  expect(["no", "False", "auto", false, { a: 1 }].filter((on) => validate({ on }))).toEqual([
    "auto",
    false,
    { a: 1 },
  ]);
});
