import { deriveContract } from "../../../contracts/derive-contract";
import type { ContractKey } from "../../../contracts/contract";
import { kubernetesSchema } from "../../../contracts/kubernetes-schema";
import { sampleChart, type SampleChart } from "./sample-chart";

const keysOf = (chart: SampleChart): { [path: string]: ContractKey } => ({
  ...deriveContract(sampleChart(chart), kubernetesSchema()).keys,
});
const keysWith = (values: SampleChart["values"], text: string, rest: SampleChart = {}) =>
  keysOf({ values, templates: { "a.yaml": text }, ...rest });

test("a key has the type of its default", () => {
  const values = { a: "x", b: 1, c: true, d: [] };
  expect(keysWith(values, "{{ .Values.a }}{{ .Values.b }}{{ .Values.c }}{{ .Values.d }}")).toEqual({
    a: { type: "string", default: "x" },
    b: { type: "number", default: 1, printed: true },
    c: { type: "boolean", default: true },
    d: { type: "list", default: [] },
  });
});

test("a key that templates read and the values do not have is known", () => {
  expect(
    keysWith({ volume: { size: "1Gi" } }, "{{ .Values.volume.size }}{{ .Values.volume.className }}"),
  ).toEqual({
    volume: { type: "map", entered: true },
    "volume.size": { type: "string", default: "1Gi" },
    "volume.className": { type: "scalar" },
  });
});

test("a map that templates look into is known, unless they ask first whether it is there", () => {
  const values = { a: { x: 1 } };
  const isEntered = (template: string): boolean => keysWith(values, template).a?.entered === true;
  expect(isEntered("{{ .Values.a.x }}")).toBe(true);
  expect(isEntered("{{ $v := .Values }}{{ if $v.b }}{{ $v.a.x }}{{ end }}")).toBe(true);
  expect(isEntered("{{ if .Values.a }}{{ .Values.a.x }}{{ end }}")).toBe(false);
  expect(isEntered("{{ with .Values.a }}{{ .x }}{{ end }}")).toBe(false);
  expect(isEntered("{{ (.Values.a).x }}")).toBe(false);
  expect(isEntered('{{ dig "a" "x" "" .Values }}')).toBe(false);
  expect(isEntered("{{ toYaml .Values.a }}")).toBe(false);
});

test("a key that the values have and no template reads is known as that", () => {
  expect(keysWith({ a: "x" }, "")).toEqual({ a: { type: "string", default: "x", unread: true } });
});

test("an empty map keeps its default, also where its keys are named", () => {
  const template = '{{ if .Values.on }}{{ toYaml (pick .Values.labels "app") }}{{ end }}';
  const { labels } = keysWith({ on: false, labels: {}, other: { x: 1 } }, `${template}{{ .Values.other.x }}`);
  expect(labels).toEqual({ type: "map", default: {} });
});

test("a map that is passed on whole is open", () => {
  expect(keysWith({ annotations: { x: "1" } }, "{{ toYaml .Values.annotations }}")).toEqual({
    annotations: { type: "map", default: { x: "1" }, open: true },
  });
});

test("a map that is gone through takes any key", () => {
  expect(
    keysWith({ env: { A: "1" } }, "{{ range $k, $v := .Values.env }}{{ $k }}={{ $v }}{{ end }}"),
  ).toEqual({
    env: { type: "map", default: { A: "1" }, open: true },
    "env.*": { type: "scalar" },
  });
});

test("the items of a list of maps are known by their keys", () => {
  const hosts = [{ host: "a" }];
  expect(
    keysWith(
      { hosts },
      "{{ range .Values.hosts }}{{ .host }}{{ range .paths }}{{ .path }}{{ end }}{{ end }}",
    ),
  ).toEqual({
    hosts: { type: "list", default: hosts },
    "hosts.*": { type: "map" },
    "hosts.*.host": { type: "scalar" },
    "hosts.*.paths": { type: "list" },
    "hosts.*.paths.*": { type: "map" },
    "hosts.*.paths.*.path": { type: "scalar" },
  });
});

const pod = (lines: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n${lines}`;

test("a piece of a Kubernetes object is known as what it is there, beside the chart's own keys", () => {
  const text = pod(
    '          {{- if .Values.probe.enabled }}\n          livenessProbe:\n            {{- omit .Values.probe "enabled" | toYaml | nindent 12 }}\n          {{- end }}',
  );
  expect(keysWith({ probe: { enabled: true, periodSeconds: 5 } }, text)).toEqual({
    probe: {
      type: "map",
      default: { enabled: true, periodSeconds: 5 },
      open: true,
      entered: true,
      kubernetes: ["core.v1.Probe"],
      needs: [["probe.enabled"]],
    },
    "probe.enabled": { type: "boolean", default: true },
  });
});

test("an empty map where Kubernetes has a list is a list", () => {
  const text =
    "apiVersion: v1\nkind: Pod\nspec:\n  tolerations:\n    {{- toYaml .Values.tolerations | nindent 4 }}";
  expect(keysWith({ tolerations: {} }, text)).toEqual({
    tolerations: { type: "list", default: {}, kubernetes: ["[]core.v1.Toleration"] },
  });
});

test("an empty string where Kubernetes has a number is a number", () => {
  const text = "apiVersion: v1\nkind: Service\nspec:\n  ports:\n    - nodePort: {{ .Values.port }}";
  expect(keysWith({ port: "" }, text)).toEqual({
    port: { type: "number", default: "", kubernetes: ["integer"], printed: true },
  });
});

test("a chart's JSON schema says types and what is allowed", () => {
  const schema = { properties: { a: { type: "string", enum: ["x", "y"] }, b: { type: "integer" } } };
  expect(keysWith({ a: "x" }, "{{ .Values.a }}{{ .Values.b }}", { schema })).toEqual({
    a: { type: "string", default: "x", allowed: ["x", "y"] },
    b: { type: "number" },
  });
});

test("a key says when it is read", () => {
  const text = "{{ if .Values.gpu.enabled }}{{ .Values.gpu.number }}{{ end }}";
  expect(keysWith({ gpu: { enabled: false, number: 1 } }, text)).toMatchObject({
    "gpu.number": { needs: [["gpu.enabled"]] },
  });
});

test("a key whose path is handed over as text is read there, too: Bitnami's passwords", () => {
  const text = [
    '{{ define "password" }}{{ $values := .context.Values }}{{ range .provided }}{{ index $values . }}{{ end }}{{ end }}',
    '{{ if .Values.auth }}{{ include "password" (dict "provided" (list "password") "context" $) }}{{ end }}',
    "{{ if .Values.job }}{{ .Values.password }}{{ end }}",
  ].join("");
  const values = { auth: true, job: false, password: "" };
  expect(keysWith(values, text)).toMatchObject({ password: { needs: [["auth"], ["job"]] } });
  const without = text.replace('(list "password")', '(list "other")');
  expect(keysWith(values, without)).toMatchObject({ password: { needs: [["job"]] } });
});

test("what all of a subchart needs is said once, and its defaults are those that the parent gives it", () => {
  const db = sampleChart({
    name: "db",
    values: { size: "1Gi", user: "root" },
  });
  const templates = [{ path: "templates/a.yaml", text: "{{ .Values.size }}{{ .Values.user }}" }];
  const subcharts = [{ key: "db", condition: "db.enabled", chart: { ...db, templates } }];
  expect(keysWith({ db: { enabled: true, size: "2Gi" } }, "", { subcharts })).toEqual({
    db: { type: "map", needs: [["db.enabled"]] },
    "db.enabled": { type: "boolean", default: true },
    "db.size": { type: "string", default: "2Gi" },
    "db.user": { type: "string", default: "root" },
  });
});

test("a template that includes itself is followed to its end", () => {
  const text =
    '{{ define "t" }}{{ range .items }}{{ .name }}{{ include "t" . }}{{ end }}{{ end }}{{ include "t" .Values.tree }}';
  const keys = keysWith({ tree: { items: [{ name: "a" }] } }, text);
  expect(Object.keys(keys).filter((key) => key.split(".").length > 8)).toEqual([]);
  expect(keys["tree.items.*.name"]).toBeDefined();
});

test("a template that is not understood is named, and what seems to be read nowhere is not known", () => {
  const chart = sampleChart({
    values: { a: 1, b: 2 },
    templates: { "a.yaml": "{{ .Values.a }", "b.yaml": "{{ .Values.b }}" },
  });
  const contract = deriveContract(chart, kubernetesSchema());
  expect(contract.notUnderstood).toEqual([expect.stringContaining("sample/templates/a.yaml:1")]);
  expect(contract.keys).toEqual({
    a: { type: "number", default: 1, unread: true, known: "unknown" },
    b: { type: "number", default: 2, printed: true },
  });
});

test("a place that the chart's own value does not fit in is another key's", () => {
  const text =
    "apiVersion: v1\nkind: Pod\nspec:\n  affinity:\n    {{- toYaml .Values.volumes | nindent 4 }}\n  nodeSelector:\n    {{- toYaml .Values.nodes | nindent 4 }}";
  const keys = keysWith({ volumes: [{ name: "a", emptyDir: {} }], nodes: { disk: "ssd" } }, text);
  expect(keys.volumes).toEqual({ type: "list", default: [{ name: "a", emptyDir: {} }] });
  expect(keys.nodes?.kubernetes).toEqual(["{}string"]);
});
