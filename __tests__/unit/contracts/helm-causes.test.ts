import { deriveContract } from "../../../contracts/derive-contract";
import { kubernetesSchema } from "../../../contracts/kubernetes-schema";
import { valuesFaults } from "../../../contracts/values-faults";
import { keyOf } from "../../../settings/check";
import { parseYamlMap } from "../../../settings/yaml-file";
import { sampleChart, type SampleChart } from "./sample-chart";

/** The smallest chart that does something in a way of Helm's, values that do something in it, and values that do nothing. */
interface Way {
  /** Of the one template, or of more. */
  readonly templates: string | { readonly [path: string]: string };
  readonly chart?: SampleChart;
  /** The chart's own values, as YAML. @default - none */
  readonly own?: string;
  readonly taken?: readonly string[];
  /** Values, and the keys of them that are refused. */
  readonly refused?: { readonly [values: string]: string };
}

function refused({ templates, chart = {}, own = "" }: Way, values: string): string[] {
  const files = typeof templates === "string" ? { "a.yaml": templates } : templates;
  const sample = sampleChart({ ...chart, values: parseYamlMap(own, "values.yaml"), templates: files });
  const contract = deriveContract(sample, kubernetesSchema());
  expect(contract.notUnderstood).toBeUndefined();
  return valuesFaults(contract, parseYamlMap(values, "set.yaml")).map(({ path }) => keyOf([...path]));
}

const pod = (lines: string): string => `apiVersion: v1\nkind: Pod\nspec:\n${lines}`;
const subchart = (chart: SampleChart, rest: object = {}) => ({
  ...{ key: "db", chart: sampleChart({ name: "db", ...chart }), ...rest },
});

const ways: { readonly [name: string]: Way } = {
  "a default that is a template itself": {
    templates: "{{ tpl .Values.conf . }}",
    own: 'conf: "{{ .Values.level }}"\nlevel: info',
    taken: ["level: debug"],
    refused: { "levle: debug": "levle" },
  },
  "a key of one's own that a template in the values reads": {
    templates: "{{ tpl .Values.conf . }}",
    own: 'conf: ""',
    taken: ["conf: 'host: {{ $.Values.domain.name }}'\ndomain: { name: a }"],
    refused: { "conf: 'host: {{ .Values.domain }}'\ndomian: a": "domian" },
  },
  "names that every object of JavaScript has": {
    templates: "{{ .Values.a }}",
    own: "a: b",
    refused: {
      "toString: c": "toString",
      "constructor: c": "constructor",
      "__proto__: { a: c }": "__proto__.a",
      "toString: null": "toString",
    },
  },
  "a key that is read by name beside a map that is gone through": {
    templates:
      "{{ if .Values.create }}{{ range $k, $all := .Values.ini }}{{ range $name, $one := $all }}{{ $name }}={{ $one }}{{ end }}{{ end }}{{ end }}{{ .Values.ini.paths.data }}",
    own: "create: true\nini: { paths: { data: a, logs: b } }",
    taken: ["create: false\nini: { paths: { data: c } }", "ini: { paths: { logs: c, other: d } }"],
    refused: { "create: false\nini: { paths: { logs: c } }": "ini.paths.logs" },
  },
  "a number in quotes that is printed as it stands": {
    templates:
      "apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: {{ .Values.replicas }}\n{{ toYaml .Values.spec | indent 2 }}\n",
    own: "replicas: 1\nspec: { minReadySeconds: 1 }",
    taken: ['replicas: "2"'],
    refused: { "replicas: two": "replicas", 'spec: { minReadySeconds: "2" }': "spec.minReadySeconds" },
  },
  "a number in quotes that is made a number": {
    templates: '{{ if gt (int .Values.size) 1 }}{{ printf "%d" (.Values.port | int) }}{{ end }}',
    own: "size: 1\nport: 80",
    taken: ['{ size: "2", port: "81" }'],
    refused: { "{ size: 2, port: http }": "port" },
  },
  "a number in quotes that is compared": {
    templates: "{{ if gt .Values.size 1 }}{{ .Values.size }}{{ end }}",
    own: "size: 1",
    refused: { 'size: "2"': "size" },
  },
  "a map that is ranged over and read by name as well": {
    templates: "{{ range $n, $p := .Values.ports }}{{ $p.port }}{{ end }}{{ .Values.ports.web.expose }}",
    own: "ports: { web: { port: 80, expose: true } }",
    taken: ["ports: { web: { port: 81, expose: false } }", "ports: { other: { port: 1 } }"],
    refused: {
      "ports: { web: { prot: 81 } }": "ports.web.prot",
      "ports: { other: { expose: true } }": "ports.other.expose",
    },
  },
  "a list that is printed whole, and ranged over where a switch is on": {
    templates:
      "{{ if .Values.rbac.create }}{{ range .Values.names }}{{ . }}{{ end }}{{ end }}{{ if .Values.shown }}{{ toYaml .Values.names }}{{ end }}",
    own: "rbac: { create: true }\nshown: false\nnames: []",
    taken: ["{ rbac: { create: false }, shown: true, names: [a] }", "names: [a]"],
    refused: { "{ rbac: { create: false }, names: [a] }": "names[0]" },
  },
  "a list or a map without a default, whose entries are ranged over": {
    templates:
      '{{ range $i, $p := .Values.policies }}{{ $i }}{{ $p.name }}{{ join "," $p.actions }}{{ end }}',
    own: "{}",
    taken: ["policies: [{ name: a, actions: [b] }]", "policies: { a: { name: b, actions: c } }"],
    refused: {
      "policies: [{ names: a }]": "policies[0].names",
      "policies: { a: { names: b } }": "policies.a.names",
    },
  },
  "a key that is put together": {
    templates:
      '{{ define "l" }}{{ toYaml (index .Values.web (printf "%sLabels" .Release.Name)) }}{{ end }}{{ include "l" . }}{{ .Values.web.port }}',
    own: "web: { aLabels: {}, bLabels: {}, port: 1, other: 1 }",
    taken: ["web: { aLabels: { x: y } }", "web: { bLabels: { x: y }, port: 2 }"],
    refused: { "web: { other: 2 }": "web.other", "web: { ohter: 2 }": "web.ohter" },
  },
  "a key of all values that is put together": {
    templates:
      '{{ range $t := list "web" "api" }}{{ toYaml (index $.Values (printf "%sLabels" $t)) }}{{ end }}',
    own: "webLabels: {}\napiLabels: {}\ndbLabels: {}",
    taken: ["webLabels: { x: y }\napiLabels: { x: y }"],
    refused: { "dbLabels: { x: y }": "dbLabels" },
  },
  "a text in quotes": {
    templates: '{{ .Values.a | quote }}\nb: "{{ .Values.b }}"\nc: {{ toString .Values.c | squote }}',
    own: "a: x\nb: x\nc: x",
    taken: ["a: 1", "a: true", "b: 1", "c: 1.5"],
    refused: { "a: [1]": "a", "b: { x: 1 }": "b" },
  },
  "a list or a map": {
    templates: [
      '{{ if kindIs "map" .Values.args }}{{ range $k, $v := .Values.args }}{{ $k }}={{ $v }}{{ end }}{{ end }}',
      '{{ if kindIs "slice" .Values.args }}{{ toYaml .Values.args }}{{ end }}',
    ].join(""),
    own: "args: {}",
    taken: ["args: { a: b }", "args: [a]"],
  },
  "a list where Kubernetes has one, or a map that it is made of": {
    templates: pod(
      [
        '  {{- if kindIs "map" .Values.args }}',
        "  {{- range $k, $v := .Values.args }}",
        "    - {{ $k }}={{ $v }}",
        "  {{- end }}",
        "  {{- else }}",
        "  imagePullSecrets: {{- toYaml .Values.args | nindent 4 }}",
        "  {{- end }}",
      ].join("\n"),
    ),
    own: "args: {}",
    taken: ["args: { a: b }", "args: [{ name: a }]"],
    refused: { "args: [{ nmae: a }]": "args[0].nmae" },
  },
  "a list that is joined, or its one item": {
    templates: '{{ join "," .Values.urls }}',
    own: "urls: []",
    taken: ["urls: [a, b]", "urls: a,b"],
  },
  "what is taken out of a list": {
    templates:
      "{{ range $one := .Values.not }}{{ $all := without $.Values.all $one }}{{ toYaml $all }}{{ end }}",
    own: "all: []\nnot: []",
    taken: ["all: [[a]]\nnot: [a]"],
  },
  "YAML that is encoded": {
    templates: {
      "_c.tpl": '{{ define "c" }}\na: b\n{{ toYaml .Values.conf | nindent 0 }}{{ end }}',
      "a.yaml": 'apiVersion: v1\nkind: Secret\ndata:\n  c.yml: {{ include "c" . | b64enc | quote }}',
    },
    own: "conf: {}",
    taken: ["conf: { providers: [a] }"],
  },
  "YAML that is a template, indented": {
    templates: pod("  tolerations:\n{{ tpl (toYaml .Values.tolerations | indent 4) $ }}"),
    own: "tolerations: []",
    taken: ["tolerations: [{ key: a }]"],
    refused: { "tolerations: [{ kye: a }]": "tolerations[0].kye" },
  },
  "a text or a map": {
    templates:
      '{{ if kindIs "map" .Values.conf }}{{ toYaml .Values.conf }}{{ else }}{{ .Values.conf }}{{ end }}',
    own: 'conf: ""',
    taken: ["conf: a", "conf: { a: { b: 1 } }"],
  },
  "a map that is passed whole, with a list whose items are read by name": {
    templates: "{{ toYaml .Values.conf }}{{ range .Values.conf.items }}{{ .name }}{{ end }}",
    own: "conf: { items: [] }",
    taken: ["conf: { items: [{ name: a, other: b }], more: 1 }"],
  },
  "a file of any name, included by it": {
    templates: {
      "a.yaml": '{{ include (print $.Template.BasePath "/_job.txt") . }}',
      "_job.txt": "{{ .Values.a }}",
    },
    own: "a: 1",
    taken: ["a: 2"],
  },
  "the switch of a subchart that is tested in a branch as well": {
    templates: "{{ if .Values.x }}{{ if .Values.db.enabled }}a{{ end }}{{ end }}",
    chart: {
      subcharts: [
        subchart(
          { values: { size: 1 }, templates: { "a.yaml": "{{ .Values.size }}" } },
          { condition: "db.enabled" },
        ),
      ],
    },
    own: "x: false\ndb: { enabled: true }",
    taken: ["db: { enabled: false }", "db: { size: 2 }"],
  },
  "an item of a list, indented and trimmed": {
    templates: pod(
      "  tolerations:\n    {{- range .Values.tolerations }}\n    - {{ toYaml . | nindent 6 | trim }}\n    {{- end }}\n",
    ),
    own: "tolerations: []",
    taken: ["tolerations: [{ key: a }]"],
    refused: { "tolerations: [{ kye: a }]": "tolerations[0].kye" },
  },
  "all values but one": {
    templates: '{{ toYaml (omit .Values "b") }}',
    own: "a: 1\nb: 1\nc: { d: 1 }",
    taken: ["a: 2", "c: { d: 2 }"],
    refused: { "b: 2": "b" },
  },
  "a template whose YAML is parsed and printed": {
    templates: {
      "_pod.tpl": '{{ define "pod" }}priority: {{ .Values.priority }}{{ end }}',
      "a.yaml": pod('  {{- include "pod" . | fromYaml | toYaml | nindent 2 }}\n'),
    },
    own: "priority: 1",
    taken: ["priority: 2"],
    refused: { "priority: [1]": "priority" },
  },
  unset: {
    templates: '{{ $_ := unset .Values.a "b" }}{{ toYaml .Values.a }}',
    own: "a: { b: 1, c: 1 }",
    taken: ["a: { c: 2 }"],
  },
  "a library that merges defaults into the values": {
    templates: '{{ include "lib.init" . }}{{ .Values.a }}',
    chart: {
      subcharts: [
        subchart({
          library: true,
          templates: {
            "_init.tpl":
              '{{ define "lib.init" }}{{ $_ := set . "Values" (mergeOverwrite (deepCopy .Values.common) .Values) }}{{ end }}',
          },
        }),
      ],
    },
    own: "common: { a: 1 }",
    taken: ["common: { a: 2 }", "a: 2"],
  },
  "a map that another is merged into": {
    templates: "{{ $_ := mergeOverwrite .Values.a .Values.b }}{{ .Values.a.x }}",
    own: "a: {}\nb: {}",
    taken: ["b: { x: 1 }"],
    refused: { "b: { z: 1 }": "b.z" },
  },
  "a condition whose key is absent": {
    templates: "",
    chart: {
      subcharts: [
        subchart(
          { values: { size: 1 }, templates: { "a.yaml": "{{ .Values.size }}" } },
          { condition: "db.enabled" },
        ),
      ],
    },
    taken: ["db: { size: 2 }", "db: { enabled: false }"],
    refused: { "db: { enabled: false, size: 2 }": "db.size" },
  },
  "several conditions": {
    templates: "",
    chart: {
      subcharts: [
        subchart(
          { values: { size: 1 }, templates: { "a.yaml": "{{ .Values.size }}" } },
          { condition: "global.db, db.enabled" },
        ),
      ],
    },
    own: "db: { enabled: false }",
    taken: ["global: { db: true }\ndb: { size: 2 }", "db: { size: 2, enabled: true }"],
    refused: { "db: { size: 2 }": "db.size" },
  },
  tags: {
    templates: "",
    chart: {
      subcharts: [
        subchart({ values: { size: 1 }, templates: { "a.yaml": "{{ .Values.size }}" } }, { tags: ["data"] }),
      ],
    },
    taken: ["tags: { data: false }", "db: { size: 2 }"],
    refused: { "tags: { data: false }\ndb: { size: 2 }": "db.size", "tags: { other: true }": "tags.other" },
  },
  "a map that is printed whole under a condition, and a key of it without": {
    templates: "{{ if .Values.full }}{{ toYaml .Values.a }}{{ end }}{{ .Values.a.x }}",
    own: "full: false\na: { x: 1, z: 1 }",
    taken: ["a: { x: 2 }", "full: true\na: { z: 2 }"],
    refused: { "a: { z: 2 }": "a.z" },
  },
  pluck: {
    templates: '{{ pluck "name" .Values.a .Values.b | first }}',
    own: "a: {}\nb: {}",
    taken: ["a: { name: x }", "b: { name: x }"],
  },
  "a map that is set in another": {
    templates: '{{ $map := dict }}{{ $_ := set $map "k" .Values.main }}{{ toYaml $map }}',
    own: "main: { a: 1 }",
    taken: ["main: { a: 2 }"],
  },
  "a map that is set in one of the values": {
    templates: '{{ $_ := set .Values.all "k" .Values.main }}{{ toYaml .Values.all }}',
    own: "main: { a: 1 }\nall: {}",
    taken: ["main: { a: 2 }"],
  },
  "a map that nobody declares": {
    templates: "{{ if .Values.a }}{{ .Values.a.b }}{{ else }}{{ .Values.c }}{{ end }}",
    own: "c: 1",
    taken: ["c: 2", "a: { b: 1 }"],
    refused: { "a: { b: 1 }\nc: 2": "c" },
  },
  "a template in YAML that is indented": {
    templates: "{{ tpl (toYaml .Values.a | indent 4) . }}",
    own: "a: {}",
    taken: ["a: { b: { c: 1 } }"],
  },
  "a file that is a template": {
    templates: '{{ tpl (.Files.Get "files/a.conf") . }}',
    chart: { files: [{ path: "files/a.conf", text: "level = {{ .Values.level }}" }] },
    own: "level: info",
    taken: ["level: debug"],
  },
  "files that are templates": {
    templates:
      '{{ range $path, $_ := .Files.Glob "files/*" }}{{ tpl ($.Files.Get $path) $ }}{{ end }}{{ tpl (.Files.Glob "more/*").AsConfig . }}',
    chart: {
      files: [
        { path: "files/a.conf", text: "level = {{ .Values.level }}" },
        { path: "more/a.conf", text: "port = {{ .Values.port }}" },
      ],
    },
    own: "level: info\nport: 1",
    taken: ["level: debug", "port: 2"],
  },
  "a named template whose name is put together": {
    templates: {
      "_a.tpl":
        '{{ define "sample.a" }}{{ .Values.a }}{{ end }}{{ define "sample.x.b" }}{{ .Values.b }}{{ end }}',
      "a.yaml":
        '{{ include (printf "%s.a" .Chart.Name) . }}{{ include (printf "sample.%s.b" .Release.Name) . }}',
    },
    own: "a: 1\nb: 1",
    taken: ["a: 2", "b: 2"],
  },
  "what is global in the values of a subchart": {
    templates: "",
    chart: { subcharts: [subchart({ templates: { "a.yaml": "{{ .Values.global.registry }}" } })] },
    taken: ["db: { global: { registry: a } }", "global: { registry: a }"],
    refused: { "db: { global: { regsitry: a } }": "db.global.regsitry" },
  },

  // What a template asks for.
  "index as a condition": {
    templates: '{{ if index .Values "modules" "a-b" "enabled" }}{{ .Values.c }}{{ end }}',
    own: "modules: { a-b: { enabled: false } }\nc: 1",
    taken: ["modules: { a-b: { enabled: true } }\nc: 2"],
    refused: { "c: 2": "c" },
  },
  "a condition of the same entry": {
    templates:
      "{{ range $k, $e := .Values.m }}{{ if not $e.disabled }}{{ $e.x }}{{ end }}{{ end }}{{ .Values.c }}",
    own: "m: {}\nc: 1",
    taken: ["m: { a: { x: 1 } }", "m: { a: { x: 1 }, b: { disabled: true } }\nc: 2"],
    refused: { "m: { a: { x: 1, disabled: true }, b: { x: 1 } }": "m.a.x" },
  },
  "a condition of the same item": {
    templates: "{{ range .Values.m }}{{ if .enabled }}{{ .x }}{{ end }}{{ end }}",
    own: "m: [{ enabled: true }]",
    taken: ["m: [{ x: 1, enabled: true }]"],
    refused: { "m: [{ x: 1 }]": "m[0].x" },
  },
  "a template as a condition": {
    templates: {
      "_c.tpl": '{{ define "c.on" }}{{- if and .Values.a .Values.b }}true{{ end -}}{{ end }}',
      "a.yaml":
        '{{ if include "c.on" . }}{{ .Values.c }}{{ end }}{{ if eq (include "c.on" . | trim) "true" }}{{ .Values.d }}{{ end }}',
    },
    own: "a: true\nb: false\nc: 1\nd: 1",
    taken: ["b: true\nc: 2", "b: true\nd: 2"],
    refused: { "c: 2": "c", "d: 2": "d" },
  },
  "a template that prints a switch": {
    templates: {
      "_c.tpl":
        '{{ define "c.on" }}{{ .Values.a }}{{ end }}{{ define "c.off" }}{{ if .Values.b }}false{{ else }}true{{ end }}{{ end }}',
      "a.yaml":
        '{{ if eq (include "c.on" .) "true" }}{{ .Values.c }}{{ end }}{{ if ne "true" (include "c.off" .) }}{{ .Values.d }}{{ end }}',
    },
    own: "a: false\nb: false\nc: 1\nd: 1",
    taken: ["a: true\nc: 2", "b: true\nd: 2"],
    refused: { "c: 2": "c", "d: 2": "d" },
  },
  "a variable as a condition": {
    templates:
      "{{ $on := false }}{{ if .Values.a }}{{ $on = true }}{{ end }}{{ $both := and $on .Values.b }}{{ if $both }}{{ .Values.c }}{{ end }}",
    own: "a: false\nb: true\nc: 1",
    taken: ["a: true\nc: 2"],
    refused: { "c: 2": "c" },
  },
  "a number that is large enough": {
    templates:
      "{{ if gt (int .Values.many) 0 }}{{ .Values.c }}{{ end }}{{ if lt 1 (int .Values.more) }}{{ .Values.d }}{{ end }}",
    own: "many: 0\nmore: 1\nc: 1\nd: 1",
    taken: ["many: 1\nc: 2", "more: 2\nd: 2"],
    refused: { "c: 2": "c", "d: 2": "d" },
  },
  "a version that is compared": {
    templates: '{{ if semverCompare ">=2" .Values.version }}{{ .Values.c }}{{ end }}',
    own: 'version: "1"\nc: 1',
    // When that is so nobody can say.
    taken: ["c: 2"],
  },
  "an item of a list that a template wrote": {
    templates: {
      "_x.tpl": '{{ define "x" }}{{ $top := index . 0 }}{{ (index . 1).name }}{{ $top.Values.b }}{{ end }}',
      "a.yaml": '{{ include "x" (list $ .Values.a) }}',
    },
    own: "a: { name: x, b: 1 }\nb: 1",
    taken: ["a: { name: z }", "b: 2"],
    refused: { "a: { b: 2 }": "a.b" },
  },
  "a default as a condition": {
    templates:
      '{{ if .Values.a | default false }}{{ .Values.c }}{{ end }}{{ if eq (.Values.kind | default "x") "z" }}{{ .Values.d }}{{ end }}',
    own: "c: 1\nd: 1\nkind: x",
    taken: ["a: true\nc: 2", "kind: z\nd: 2"],
    refused: { "c: 2": "c", "d: 2": "d" },
  },
  "a key that is read by name beside the map that it is passed on with": {
    templates: pod(
      '{{ if .Values.context.enabled }}  securityContext: {{ omit .Values.context "enabled" | toYaml | nindent 4 }}\n{{ end }}  nodeName: {{ if .Values.chown }}{{ .Values.context.runAsUser }}{{ end }}\n',
    ),
    own: "context: { enabled: false, runAsUser: 1, runAsGroup: 1 }\nchown: false",
    taken: [
      "context: { enabled: true, runAsUser: 2, runAsGroup: 2 }",
      "context: { runAsUser: 2 }\nchown: true",
    ],
    refused: {
      "context: { runAsUser: 2 }": "context.runAsUser",
      "context: { runAsGroup: 2 }": "context.runAsGroup",
      "context: { runAsUser: 2, runAsGroup: 2 }\nchown: true": "context.runAsGroup",
    },
  },
  "one of several": {
    templates:
      '{{ if has .Values.mode (list "a" "b") }}{{ .Values.c }}{{ end }}{{ if ternary .Values.one .Values.two .Values.first }}{{ .Values.d }}{{ end }}',
    own: "mode: z\none: true\ntwo: false\nfirst: false\nc: 1\nd: 1",
    taken: ["mode: a\nc: 2", "mode: b\nc: 2", "first: true\nd: 2"],
    refused: { "c: 2": "c", "d: 2": "d" },
  },
};

const cases = Object.entries(ways);

test.each(cases.flatMap(([name, way]) => (way.taken ?? []).map((values) => [name, values, way] as const)))(
  "%s: %s is taken",
  (_name, values, way) => {
    expect(refused(way, values)).toEqual([]);
  },
);

test.each(
  cases.flatMap(([name, way]) =>
    Object.entries(way.refused ?? {}).map(([values, key]) => [name, values, key, way] as const),
  ),
)("%s: of %s %s is refused", (_name, values, key, way) => {
  expect(refused(way, values)).toEqual([key]);
});

test.each(cases)("%s: what the chart has is taken", (_name, way) => {
  expect(refused(way, way.own ?? "")).toEqual([]);
});
