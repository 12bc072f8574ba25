import { scanTemplate } from "../../../contracts/template-scanner";

const texts = (template: string): string[] =>
  scanTemplate(template, "sample.yaml").map((piece) =>
    "text" in piece ? piece.text : piece.tokens.map(({ text }) => text).join(" "),
  );

test("a template is cut into text and actions", () => {
  expect(texts("a: {{ .Values.a }}\n")).toEqual(["a: ", ".Values.a", "\n"]);
});

test("a dash takes away the white space on its side", () => {
  expect(texts("a:\n  {{- .a }}\n{{ .b -}}\n  c")).toEqual(["a:", ".a", "\n", ".b", "c"]);
});

test("a negative number is no dash", () => {
  expect(texts("a {{-1}}")).toEqual(["a ", "-1"]);
});

test("a comment is nothing, whatever is in it", () => {
  expect(texts('a {{- /* it says "{{" and }} */ -}} b')).toEqual(["a", "b"]);
});

test("braces in a string end no action", () => {
  expect(texts('{{ contains "}}" `{{` }}')).toEqual(['contains "}}" `{{`']);
});

test("a keyword needs no space before a field", () => {
  expect(texts("{{if.Values.a}}")).toEqual(["if .Values.a"]);
});

test("fails on what is no template, naming the line", () => {
  expect(() => scanTemplate("a\n{{ ; }}", "sample.yaml")).toThrow("sample.yaml:2: not a Go template");
});

test("fails on an action without an end", () => {
  expect(() => scanTemplate("{{ .a ", "sample.yaml")).toThrow("sample.yaml:1: not a Go template");
});
