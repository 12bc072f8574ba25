import { readTemplates } from "../../../contracts/template-reads";
import { sampleChart, type SampleChart } from "./sample-chart";

/** Which paths the templates read, how, and when. */
function reads(chart: SampleChart): { [path: string]: string } {
  return Object.fromEntries(
    [...readTemplates(sampleChart(chart)).reads].map(([path, { uses, needs }]) => [
      path,
      [[...uses].sort().join("+"), ...needs.filter((all) => all.length).map((all) => all.join("&"))].join(
        " if ",
      ),
    ]),
  );
}
const readsOf = (text: string, rest: SampleChart = {}) => reads({ ...rest, templates: { "a.yaml": text } });

test.each([
  ["a field", "{{ .Values.a.b }}", { "a.b": "print" }],
  ["the root", "{{ $.Values.a }}", { a: "print" }],
  ["a key with a dash", '{{ index .Values "a-b" "c" }}', { "a-b.c": "print" }],
  ["a key with a dot", '{{ hasKey .Values.a "x.y/z" }}', { "a.x\\.y/z": "test" }],
  ["parentheses", "{{ ((.Values).a).b }}", { "a.b": "print" }],
  ["dig", '{{ dig "b" "c" "" .Values.a }}', { "a.b.c": "print" }],
  ["toYaml", "{{ toYaml .Values.a | nindent 2 }}", { a: "whole" }],
  ["tpl", "{{ tpl .Values.a $ }}", { a: "value" }],
  ["tpl of YAML", "{{ tpl (toYaml .Values.a) $ }}", { a: "whole" }],
  [
    "with",
    "{{ with .Values.a }}{{ .b }}{{ $.Values.c }}{{ end }}",
    { a: "test", "a.b": "print", c: "print if a" },
  ],
  ["with and a variable", "{{ with $x := .Values.a }}{{ $x.b }}{{ end }}", { a: "test", "a.b": "print" }],
  ["range over a list", "{{ range .Values.a }}{{ .b }}{{ end }}", { a: "each", "a.*.b": "print" }],
  [
    "range over a map",
    "{{ range $k, $v := .Values.a }}{{ $k }}{{ $v }}{{ end }}",
    { a: "each+entries", "a.*": "print" },
  ],
  [
    "range in range",
    "{{ range .Values.a }}{{ range .b }}{{ . }}{{ end }}{{ end }}",
    { a: "each", "a.*.b": "each", "a.*.b.*": "print" },
  ],
  ["a variable", "{{ $x := .Values.a }}{{ $x.b }}", { "a.b": "print" }],
  ["a default", '{{ .Values.a | default .Values.b | default "c" }}', { a: "print", b: "print" }],
  ["omit", '{{ omit .Values.a "enabled" | toYaml }}', { a: "whole" }],
  ["pick", '{{ pick .Values.a "b" | toYaml }}', { "a.b": "whole" }],
  [
    "pick of a key that is put together",
    '{{ pick .Values.a "b" .Values.c | toYaml }}',
    { a: "whole", c: "whole" },
  ],
  [
    "merge of what is picked",
    '{{ toYaml (mergeOverwrite (pick .Values.a "b") .Values.a.c) }}',
    { "a.b": "whole", "a.c": "whole" },
  ],
  ["merge", "{{ toYaml (merge (dict) .Values.a .Values.b) }}", { a: "whole", b: "whole" }],
])("%s is followed", (_, template, expected) => {
  expect(readsOf(template)).toEqual(expected);
});

test("a variable that is assigned in a branch may have either value", () => {
  expect(
    readsOf("{{ $x := .Values.a }}{{ if .Values.b }}{{ $x = .Values.c }}{{ end }}{{ toYaml $x }}"),
  ).toEqual({
    a: "whole",
    b: "test",
    c: "whole if b",
  });
});

test("a named template reads what it is given", () => {
  const templates = {
    "_helpers.tpl": '{{ define "render" }}{{ toYaml .value }}{{ .context.Values.b }}{{ end }}',
    "a.yaml": '{{ include "render" (dict "value" .Values.a "context" $) | nindent 2 }}',
  };
  expect(reads({ templates })).toEqual({ a: "whole", b: "print" });
});

test("a named template that nobody includes reads nothing", () => {
  expect(
    reads({ templates: { "_helpers.tpl": '{{ define "x" }}{{ .Values.a }}{{ end }}{{ .Values.b }}' } }),
  ).toEqual({});
});

test("a checksum of a value is no use of it", () => {
  expect(readsOf("{{ toYaml .Values.a | sha256sum }}")).toEqual({});
});

test("notes are not deployed: what they alone read is not read", () => {
  const { reads, mentioned } = readTemplates(sampleChart({ templates: { "NOTES.txt": "{{ .Values.a }}" } }));
  expect([...reads.keys()]).toEqual([]);
  expect([...mentioned.keys()]).toEqual(["a"]);
});

test.each([
  ["if", "{{ if .Values.on }}{{ .Values.a }}{{ end }}", "print if on"],
  ["else", "{{ if .Values.on }}{{ else }}{{ .Values.a }}{{ end }}", "print if !on"],
  ["not", "{{ if not .Values.on }}{{ .Values.a }}{{ end }}", "print if !on"],
  ["and", "{{ if and .Values.on .Values.b }}{{ .Values.a }}{{ end }}", "print if b&on"],
  ["or", "{{ if or .Values.on .Values.b }}{{ .Values.a }}{{ end }}", "print if b if on"],
  ["eq", '{{ if eq .Values.on "x" }}{{ .Values.a }}{{ end }}', "print if on=x"],
  ["ne", '{{ if ne .Values.on "x" }}{{ .Values.a }}{{ end }}', "print if on!=x"],
  ["what comes after in an and", "{{ if and .Values.on .Values.a }}x{{ end }}", "test if on"],
  ["both branches", "{{ if .Values.on }}{{ .Values.a }}{{ else }}{{ .Values.a }}{{ end }}", "print"],
  [
    "what is not known",
    '{{ if semverCompare ">1" .Capabilities.KubeVersion }}{{ .Values.a }}{{ end }}',
    "print",
  ],
  [
    "a variable that leaves its branch",
    "{{ $x := dict }}{{ if .Values.on }}{{ $x = .Values.a }}{{ end }}{{ toYaml $x }}",
    "whole if on",
  ],
])("what a value needs is known from %s", (_, template, expected) => {
  expect(readsOf(template).a).toBe(expected);
});

const subchart = (templates: { [path: string]: string }) => ({
  key: "db",
  condition: "db.enabled",
  chart: sampleChart({ name: "db", templates }),
});

test("a subchart's values are below its name, and need what switches it on", () => {
  const subcharts = [subchart({ "a.yaml": "{{ .Values.size }}" })];
  expect(readsOf("", { subcharts })).toEqual({
    "db.enabled": "test",
    "db.size": "print if db.enabled",
  });
});

test("global is shared by a chart and its subcharts", () => {
  const subcharts = [subchart({ "a.yaml": "{{ .Values.global.registry }}" })];
  expect(readsOf("{{ .Values.global.a }}", { subcharts })).toMatchObject({
    "global.a": "print",
    "global.registry": "print if db.enabled",
  });
});

test("a parent's template reads a subchart's values through its helpers", () => {
  const subcharts = [
    subchart({ "_helpers.tpl": '{{ define "db.name" }}{{ .Values.nameOverride }}{{ end }}' }),
  ];
  expect(readsOf('{{ include "db.name" .Subcharts.db }}', { subcharts })).toMatchObject({
    "db.nameOverride": "print",
  });
});

test("of two definitions of a name the one nearest to the top counts, as for Helm", () => {
  const subcharts = [subchart({ "_helpers.tpl": '{{ define "x" }}{{ .Values.theirs }}{{ end }}' })];
  const templates = {
    "_helpers.tpl": '{{ define "x" }}{{ .Values.ours }}{{ end }}',
    "a.yaml": '{{ include "x" . }}',
  };
  expect(reads({ templates, subcharts })).toEqual({ "db.enabled": "test", ours: "print" });
});

test.each(['{{ define "db.x" }}{{ end }}', '{{ define "db.x" }} {{/* nothing */}} {{ end }}'])(
  "what is empty takes no other definition's place: %s",
  (empty) => {
    const theirs = subchart({
      "_x.tpl": '{{ define "db.x" }}{{ .Values.theirs }}{{ end }}',
      "a.yaml": '{{ include "db.x" . }}',
    });
    expect(reads({ templates: { "_x.tpl": empty }, subcharts: [theirs] })).toEqual({
      "db.enabled": "test",
      "db.theirs": "print if db.enabled",
    });
  },
);
