import { defaultValues } from "../../../../contracts/chart-package";
import { deriveContract } from "../../../../contracts/derive-contract";
import { kubernetesSchema } from "../../../../contracts/kubernetes-schema";
import { valuesFaults } from "../../../../contracts/values-faults";
import type { Contract } from "../../../../contracts/contract";
import { contractText } from "../../../../contracts/contract-file";
import { noWorkLeft } from "../../../../operations/charts/chart-probe";
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

async function proved(
  sample: SampleChart,
  render: (values: never, isUpgrade: boolean, hasAPIs: boolean, release: string) => unknown,
): Promise<Contract> {
  const chart = sampleChart(sample);
  const contract = deriveContract(chart, kubernetesSchema());
  return (
    await proveContract({
      contract,
      chart,
      probe: probeOf(defaultValues(chart), render as Parameters<typeof probeOf>[1]),
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

test("what is hidden by a text that the chart sets is not refused where that is emptied", async () => {
  const sample = {
    values: { auth: { existingSecret: "own", password: "" }, bindings: { enabled: false } },
    templates: {
      "a.yaml": "{{ .Values.auth.existingSecret }}{{ .Values.auth.password }}{{ .Values.bindings.enabled }}",
    },
  };
  const contract = await proved(
    sample,
    ({
      auth,
      bindings,
    }: {
      auth: { existingSecret: string; password: string };
      bindings: { enabled: boolean };
    }) => [auth.existingSecret || auth.password, bindings.enabled && auth.password],
  );
  expect(refused(contract, { auth: { existingSecret: "", password: "x" } })).toEqual([]);
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

test("what a template reads and no rendering shows to do anything is not known, and not refused", async () => {
  const contract = await proved(
    { values: { kind: "a" }, templates: { "a.yaml": "{{ .Values.kind }}" } },
    () => "nothing",
  );
  expect(contract.keys.kind?.known).toBe("unknown");
  expect(refused(contract, { kind: "b" })).toEqual([]);
});

test("one of two switches is enough where rendering shows that each is", async () => {
  const contract = await proved(
    { values: { a: false, b: false, text: "x" }, templates: { "a.yaml": "{{ .Values }}" } },
    ({ a, b, text }: { a: boolean; b: boolean; text: string }) => (a || b) && text,
  );
  expect(contract.keys.text?.needs).toEqual([["a"], ["b"]]);
  expect(refused(contract, { text: "y" })).toEqual(["text: off"]);
  expect(refused(contract, { b: true, text: "y" })).toEqual([]);
});

test("a number that switches something is a condition", async () => {
  const contract = await proved(
    { values: { replicas: 1, budget: "x" }, templates: { "a.yaml": "{{ .Values }}" } },
    ({ replicas, budget }: { replicas: number; budget: string }) => [replicas, replicas > 1 && budget],
  );
  expect(contract.keys.budget?.needs).toEqual([["replicas!=1"]]);
});

test("an entry of a map needs what rendering shows that each entry needs of itself", async () => {
  interface Port {
    enabled: boolean;
    port: number;
  }
  const contract = await proved(
    {
      values: { ports: { web: { enabled: true, port: 80 }, tls: { enabled: false, port: 443 } } },
      templates: { "a.yaml": "{{ range .Values.ports }}{{ .enabled }}{{ .port }}{{ end }}" },
    },
    ({ ports }: { ports: { [name: string]: Port } }) =>
      Object.values(ports).map(({ enabled, port }) => enabled && port),
  );
  expect(contract.keys["ports.*.port"]?.needs).toEqual([["ports.*.enabled"]]);
  expect(refused(contract, { ports: { web: { port: 81 }, tls: { port: 444 } } })).toEqual([
    "ports.tls.port: off",
  ]);
});

test("what does something with the authors' values alone needs what of them it does not do it without", async () => {
  const contract = await proved(
    {
      values: { name: "", limits: {}, share: 50 },
      templates: { "a.yaml": "{{ .Values.name }}{{ toYaml .Values.limits }}{{ .Values.share }}" },
      examples: [{ path: "ci/a-values.yaml", values: { name: "x", limits: { memory: "1Gi" } } }],
    },
    ({ name, limits, share }: { name: string; limits: { memory?: string }; share: number }) => [
      name,
      limits.memory?.endsWith("Gi") && [limits.memory, share],
    ],
  );
  expect(contract.keys.share?.needs).toEqual([["limits", "limits.memory"]]);
  expect(refused(contract, { share: 60 })).toEqual(["share: off"]);
});

test("a type that the authors use is right, though Kubernetes has another one there", async () => {
  const containers =
    "apiVersion: v1\nkind: Pod\nspec:\n  containers: {{ toYaml .Values.extra | nindent 4 }}\n";
  const chart = { values: { extra: [] }, templates: { "a.yaml": containers } };
  const render = ({ extra }: { extra: unknown }) => extra;
  const examples = [{ path: "ci/a-values.yaml", values: { extra: "- name: a" } }];
  expect(refused(await proved(chart, render), { extra: "- name: b" })).toEqual(["extra: type"]);
  expect(refused(await proved({ ...chart, examples }, render), { extra: "- name: b" })).toEqual([]);
});

test("what does something only in a release of another name than the chart's is not refused", async () => {
  const templates = { "a.yaml": "{{ if .Values.long }}{{ .Values.other }}{{ end }}" };
  const contract = await proved(
    { values: { long: false, other: false, unused: 1 }, templates },
    ({ long, other }: { long: boolean; other: boolean }, _isUpgrade, _hasAPIs, release) =>
      long && (other || !release.includes("sample")),
  );
  expect(refused(contract, { long: true, unused: 2 })).toEqual(["unused: unread"]);
});

test("what the authors set to no effect is refused all the same", async () => {
  const contract = await proved(
    {
      values: { on: false, text: "x" },
      templates: { "a.yaml": "{{ if .Values.on }}{{ .Values.text }}{{ end }}" },
      examples: [{ path: "ci/a-values.yaml", values: { text: "y" } }],
    },
    ({ on, text }: { on: boolean; text: string }) => on && text,
  );
  expect(refused(contract, { text: "y" })).toEqual(["text: off"]);
});

test("what hides a list that was made up hides not what a person may write there", async () => {
  const contract = await proved(
    { values: { pull: [], create: [] }, templates: { "a.yaml": "{{ .Values }}" } },
    ({ pull, create }: { pull: string[]; create: { name?: string }[] }) => [
      pull,
      (pull.length || create.length) && "job",
      create.map(({ name }) => name),
    ],
  );
  expect(refused(contract, { pull: ["x"], create: [{ name: "y" }] })).toEqual([]);
});

test("what hides a value where another part is off hides it not where that is on", async () => {
  const templates = {
    "claim.yaml":
      "{{ if and .Values.gpu.enabled .Values.gpu.claimed (not .Values.gpu.claim) }}claim{{ end }}",
    "pod.yaml":
      "{{ if not .Values.knative.enabled }}{{ if and .Values.gpu.enabled .Values.gpu.claimed }}{{ .Values.gpu.claim }}{{ end }}{{ end }}",
  };
  const values = { gpu: { enabled: false, claimed: false, claim: "" }, knative: { enabled: false } };
  const contract = await proved({ values, templates }, ({ gpu, knative }: typeof values) => [
    gpu.enabled && gpu.claimed && !gpu.claim,
    !knative.enabled && gpu.enabled && gpu.claimed && `of ${gpu.claim}`,
  ]);
  expect(contract.keys["gpu.claimed"]?.needs).toEqual([["gpu.enabled"]]);
  expect(refused(contract, { gpu: { enabled: true, claimed: true, claim: "half" } })).toEqual([]);
});

test("the same chart makes the same contract", async () => {
  const make = (): Promise<Contract> =>
    proved(
      { values: { a: false, b: { c: "x" }, d: 1 }, templates: { "a.yaml": "{{ .Values }}" } },
      ({ a, b, d }: { a: boolean; b: { c: string }; d: number }) => (a ? [b.c, d] : d),
    );
  expect(contractText(await make())).toBe(contractText(await make()));
});

test("a switch in a map that is passed on is needed by all else in it, and not by itself", async () => {
  const contract = await proved(
    {
      values: { probe: { enabled: true, periodSeconds: 5, path: "/" } },
      templates: { "a.yaml": "{{ toYaml .Values.probe }}" },
    },
    ({ probe: { enabled, ...probe } }: { probe: { enabled: boolean } }) => enabled && probe,
  );
  expect(contract.keys.probe?.needs).toEqual([["probe.enabled"]]);
  expect(refused(contract, { probe: { enabled: false } })).toEqual([]);
  expect(refused(contract, { probe: { periodSeconds: 7 } })).toEqual([]);
  expect(refused(contract, { probe: { enabled: false, periodSeconds: 7, path: "/" } })).toEqual([
    "probe.periodSeconds: off",
  ]);
});

test("what a list needs it needs still where an item does something without what a key of items needs", async () => {
  interface Files {
    enabled: boolean;
    skip: boolean;
    files: { contents: string }[];
  }
  const sample = {
    values: { enabled: false, skip: false, files: [] },
    templates: {
      "a.yaml":
        "{{ if .Values.enabled }}{{ range .Values.files }}- {{ if not $.Values.skip }}{{ .contents }}{{ end }}{{ end }}{{ end }}",
    },
  };
  const contract = await proved(
    sample,
    ({ enabled, skip, files }: Files) => enabled && files.map(({ contents }) => !skip && contents),
  );
  expect(refused(contract, { files: [{ contents: "a" }] })).toEqual(["files.0.contents: off"]);
  expect(refused(contract, { enabled: true, skip: true, files: [{ contents: "a" }] })).toEqual([]);
});

test("what is on where nobody says so is needed as what is not off", async () => {
  const job = { port: 80, enabled: true };
  const contract = await proved(
    {
      values: { jobs: { a: job } },
      templates: { "a.yaml": "{{ range .Values.jobs }}{{ toYaml . }}{{ end }}" },
      examples: [{ path: "ci/b-values.yaml", values: { jobs: { b: { port: 81 } } } }],
    },
    ({ jobs }: { jobs: { [name: string]: { port: number; enabled?: boolean } } }) =>
      Object.entries(jobs).map(([name, { port, enabled }]) => enabled !== false && [name, port]),
  );
  expect(refused(contract, { jobs: { c: { port: 1 } } })).toEqual([]);
  expect(refused(contract, { jobs: { a: { enabled: false, port: 81 } } })).toEqual(["jobs.a.port: off"]);
});

test("a value that was made up says only that it must not be the chart's own", async () => {
  const contract = await proved(
    {
      values: { mode: "auto", user: "root" },
      templates: { "a.yaml": "{{ .Values.mode }} {{ .Values.user }}" },
    },
    ({ mode, user }: { mode: string; user: string }) => mode !== "auto" && user,
  );
  expect(contract.keys.user?.needs).toEqual([["mode!=auto"]]);
});

test("what is needed where one thing differs at a time is not where another one makes up for it", async () => {
  const values = { auth: true, fromSecret: true, files: true, password: "x" };
  const contract = await proved(
    { values, templates: { "a.yaml": "{{ .Values }}" } },
    ({ auth, fromSecret, files, password }: typeof values) => auth && (fromSecret || !files) && password,
  );
  expect(contract.keys.password?.needs).toEqual([["auth"]]);
  expect(refused(contract, { auth: false, password: "y" })).toEqual(["password: off"]);
});

test("what a chart asks for stands at the end of its error", async () => {
  const values = { config: "{{ .Values.bucket }}", bucket: "" };
  const contract = await proved(
    { values, templates: { "a.yaml": "{{ tpl .Values.config . }}" } },
    ({ config, bucket }: typeof values) => {
      const where = 'executing "a.yaml" at <tpl .Values.config .>: error calling tpl:';
      if (!bucket) throw new Error(`${where} executing "gotpl" at <.Values.bucket>: it must be set`);
      return config.replace("{{ .Values.bucket }}", bucket);
    },
  );
  expect(contract.keys.config?.known).toBe("rendered");
  expect(contract.keys.bucket?.known).toBe("rendered");
});

test("what hides a value in a cluster that has an API hides it not in one that has not", async () => {
  const values = { on: false, mode: "auto", user: "" };
  const contract = await proved(
    { values, templates: { "a.yaml": "{{ .Values }}" } },
    ({ on, mode, user }: typeof values, _isUpgrade, hasAPIs) => on && !(hasAPIs && mode === "auto") && user,
  );
  expect(refused(contract, { on: true, user: "x" })).toEqual([]);
});

test("what a chart renders without another one only when it is set is not refused there", async () => {
  const sample = {
    values: { canary: { enabled: true }, test: { enabled: true, image: "a" } },
    templates: {
      "a.yaml":
        "{{ if .Values.canary.enabled }}{{ if .Values.test.enabled }}{{ .Values.test.image }}{{ end }}{{ end }}",
    },
  };
  interface Canary {
    canary: { enabled: boolean };
    test: { enabled: boolean; image: string };
  }
  const contract = await proved(sample, ({ canary, test: { enabled, image } }: Canary) => {
    if (enabled && !canary.enabled) throw new Error("the test asks the canary");
    return canary.enabled && enabled && image;
  });
  expect(refused(contract, { canary: { enabled: false }, test: { enabled: false } })).toEqual([]);
  expect(refused(contract, { test: { enabled: false, image: "b" } })).toEqual(["test.image: off"]);
});

test("what a chart fails without needs what it was inferred to need", async () => {
  const sample = {
    values: { on: true, psp: { create: false }, rbac: { create: false } },
    templates: {
      "a.yaml": "{{ if .Values.on }}{{ .Values.psp.create }}{{ .Values.rbac.create }}{{ end }}",
    },
  };
  interface Roles {
    on: boolean;
    psp: { create: boolean };
    rbac: { create: boolean };
  }
  const contract = await proved(sample, ({ on, psp, rbac }: Roles) => {
    if (on && psp.create && !rbac.create) throw new Error("a policy takes a role");
    return [on, on && psp.create];
  });
  expect(refused(contract, { on: false, rbac: { create: true } })).toEqual(["rbac.create: off"]);
});

test("what was tried with the defaults alone, before no work was left, is not refused as unread", async () => {
  const chart = sampleChart({ values: { a: "x" } });
  const contract = deriveContract(chart, kubernetesSchema());
  const probe = probeOf(defaultValues(chart), () => "");
  let trials = 0;
  const tired: typeof probe = {
    ...probe,
    base: (name, base) =>
      name === "trial" && trials++ > 0 ? Promise.resolve(noWorkLeft) : probe.base(name, base),
  };
  const { contract: made } = await proveContract({ contract, chart, probe: tired });
  expect(made.keys.a).toMatchObject({ unread: true, known: "unknown" });
});
