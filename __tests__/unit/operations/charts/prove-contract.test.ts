import { defaultValues } from "../../../../contracts/chart-package";
import { deriveContract } from "../../../../contracts/derive-contract";
import { kubernetesSchema } from "../../../../contracts/kubernetes-schema";
import { valuesFaults } from "../../../../contracts/values-faults";
import type { Contract } from "../../../../contracts/contract";
import { proveContract } from "../../../../operations/charts/prove-contract";
import type { YamlMap } from "../../../../settings/yaml-file";
import { sampleChart, type SampleChart } from "../../contracts/sample-chart";
import { probeOf } from "./sample-probe";

interface Agent {
  agent: { enabled: boolean; logs: string; name: string };
  port: number;
}

interface Tls {
  tls: { enabled: boolean; secret: string };
}

async function proved(sample: SampleChart, render: (values: never) => unknown): Promise<Contract> {
  const chart = sampleChart(sample);
  const contract = deriveContract(chart, kubernetesSchema());
  return (
    await proveContract({
      contract,
      chart,
      probe: probeOf(defaultValues(chart), render as (values: YamlMap) => unknown),
    })
  ).contract;
}

const refused = (contract: Contract, values: YamlMap): string[] =>
  valuesFaults(contract, values).map(({ path, problem }) => `${path.join(".")}: ${problem.kind}`);

test("a value that changes something is not refused, however it is read", async () => {
  const contract = await proved(
    { values: { level: "info", other: "x" } },
    ({ level }: { level: string }) => level,
  );
  expect(contract.keys.level).toEqual({ type: "string", default: "info", known: "rendered" });
  expect(contract.keys.other).toEqual({ type: "string", default: "x", unread: true, known: "rendered" });
  expect(refused(contract, { level: "debug", other: "y" })).toEqual(["other: unread"]);
});

test("a switch that rendering shows to be needed is needed", async () => {
  const sample = {
    values: { agent: { enabled: false, logs: "text", name: "a" }, port: 80 },
    templates: {
      "a.yaml":
        "{{ .Values.agent.enabled }} {{ .Values.agent.logs }} {{ .Values.agent.name }} {{ .Values.port }}",
    },
  };
  const contract = await proved(sample, ({ agent, port }: Agent) => [
    agent.enabled && agent.logs,
    agent.name,
    port,
  ]);
  expect(contract.keys["agent.logs"]?.needs).toEqual([["agent.enabled"]]);
  expect(contract.keys["agent.name"]?.needs).toBeUndefined();
  expect(refused(contract, { agent: { logs: "json", name: "b" } })).toEqual(["agent.logs: off"]);
});

test("a condition that rendering contradicts is taken away", async () => {
  const sample = {
    values: { tls: { enabled: false, secret: "a" } },
    templates: { "a.yaml": "{{ if .Values.tls.enabled }}{{ .Values.tls.secret }}{{ end }}" },
  };
  expect(
    refused(await proved(sample, ({ tls }: Tls) => tls.enabled && tls.secret), { tls: { secret: "b" } }),
  ).toEqual(["tls.secret: off"]);
  expect(refused(await proved(sample, ({ tls }: Tls) => tls), { tls: { secret: "b" } })).toEqual([]);
});

test("what could not be tried is not refused as unread, and neither is what the chart fails over", async () => {
  const values = { a: "x" };
  const never = await proved({ values }, () => {
    throw new Error("it needs a cluster");
  });
  expect(never.keys.a?.known).toBe("unknown");
  expect(refused(never, { a: "y" })).toEqual([]);
});

test("a chart that asks for a value in its error gets one", async () => {
  const sample = {
    values: { image: { tag: "" }, a: "x" },
    templates: { "a.yaml": "{{ .Values.image.tag }}" },
  };
  const contract = await proved(sample, ({ image, a }: { image: { tag: string }; a: string }) => {
    if (!image.tag) throw new Error("'image.tag' must be set");
    return a;
  });
  expect(contract.keys.a).toEqual({ type: "string", default: "x", known: "rendered" });
});

test("what the authors test a chart with is tried as well", async () => {
  const examples = [{ path: "ci/a-values.yaml", values: { extra: { size: 3 } } }];
  const contract = await proved(
    { values: { a: 1 }, examples },
    ({ a, extra }: { a: number; extra?: { size: number } }) => [a, extra?.size],
  );
  expect(refused(contract, { extra: { size: 4 } })).toEqual([]);
});
