import { parseTemplate } from "../../../contracts/template-tree";

const parse = (text: string) => parseTemplate(text, "sample.yaml");

test("else if makes branches of one condition", () => {
  const [node] = parse("{{ if .a }}1{{ else if .b }}2{{ else }}3{{ end }}").body;
  expect(node).toMatchObject({
    kind: "if",
    branches: [{ body: [{ text: "1" }] }, { body: [{ text: "2" }] }, { body: [{ text: "3" }] }],
  });
  expect(node).not.toHaveProperty("branches.2.pipe");
});

test("blocks inside of blocks end where they end", () => {
  const { body } = parse("{{ range .a }}{{ if .b }}1{{ end }}2{{ else }}3{{ end }}4");
  expect(body).toMatchObject([
    { kind: "range", body: [{ kind: "if" }, { text: "2" }], otherwise: [{ text: "3" }] },
    { text: "4" },
  ]);
});

test("a definition is no part of what is rendered", () => {
  const { body, definitions } = parse('a{{ define "sample.name" }}b{{ end }}');
  expect(body).toEqual([{ kind: "text", text: "a" }]);
  expect(definitions.get("sample.name")).toEqual([{ kind: "text", text: "b" }]);
});

test("fields follow parentheses and variables", () => {
  const [node] = parse('{{ (index .Values "a-b").c | default $x.y }}').body;
  expect(node).toMatchObject({
    pipe: {
      commands: [
        [{ kind: "pipe", fields: ["c"] }],
        [{ name: "default" }, { kind: "variable", name: "$x", fields: ["y"] }],
      ],
    },
  });
});

test("a field after a space is an operand of its own", () => {
  const [node] = parse("{{ and $x .y }}").body;
  expect(node).toMatchObject({
    pipe: { commands: [[{ name: "and" }, { name: "$x", fields: [] }, { fields: ["y"] }]] },
  });
});

test("fails on parentheses that do not match", () => {
  expect(() => parse("{{ (.a }}")).toThrow("sample.yaml: not a Go template");
  expect(() => parse("{{ .a) }}")).toThrow("sample.yaml: not a Go template near )");
});
