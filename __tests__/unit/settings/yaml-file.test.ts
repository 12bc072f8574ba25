import * as fs from "node:fs";
import * as path from "node:path";
import { parseYamlMap, readYamlFile, toYaml } from "../../../settings/yaml-file";
import { failure } from "../failure";
import { temporaryDirectory } from "../sample-repository";

test("a mapping is read", () => {
  expect(parseYamlMap("a: { b: [1, two] }\n", "a.yaml")).toEqual({ a: { b: [1, "two"] } });
});

test("words stand for what Helm takes them for: octal numbers and switches, no dates", () => {
  expect(
    parseYamlMap(
      "mode: 0400\nsize: 1_000\non: off\nday: 2026-01-31\ntime: 12:30:45\ntext: '0400'\n",
      "a.yaml",
    ),
  ).toEqual({ mode: 256, size: 1000, true: false, day: "2026-01-31", time: "12:30:45", text: "0400" });
});

test("a word in the place of a number that is none is a text, and stays one when it is written", () => {
  const texts = { a: "0400", b: "yes", c: "2026-01-31", d: "1_000", e: "-.5", f: ".inf" };
  const text = toYaml(texts);
  expect(text).toBe("a: '0400'\nb: 'yes'\nc: '2026-01-31'\nd: '1_000'\ne: '-.5'\nf: '.inf'\n");
  expect(parseYamlMap(text, "a.yaml")).toEqual(texts);
});

test.each([
  ["an empty file", ""],
  ["a file of comments alone", "# nothing yet\n"],
  ["a file of a document that only begins", "---\n"],
])("%s is an empty mapping", (_what, text) => {
  expect(parseYamlMap(text, "a.yaml")).toEqual({});
});

test("what follows the document is no second one where it is empty", () => {
  expect(parseYamlMap("---\na: 1\n---\n# nothing more\n---\n", "a.yaml")).toEqual({ a: 1 });
});

test.each([
  ["a list", "- a\n", "a.yaml: expected a mapping of keys to values, found a list"],
  ["a text", "hello\n", "a.yaml: expected a mapping of keys to values, found a string"],
  ["a number", "42\n", "a.yaml: expected a mapping of keys to values, found a number"],
  [
    "a bracket that is not closed",
    "a: [1,\nb: }\n",
    "a.yaml:2:4: not valid YAML: missed comma between flow collection entries",
  ],
  [
    "a tab that indents",
    "a: 1\n\tb: 2\n",
    "a.yaml:2:1: not valid YAML: tab characters must not be used in indentation",
  ],
  ["a key that is there twice", "a: 1\nb: 2\na: 3\n", "a.yaml:3:1: not valid YAML: duplicated mapping key"],
  [
    "two documents",
    "# a\n---\na: 1\n--- # b\nb: 2\n",
    "a.yaml:4: a second YAML document begins here, and the first alone is read, by Helm as well: move what is in it into the first, or remove it",
  ],
  [
    "a second document after one that begins without being told",
    "a: 1\n---\nb: 2\n---\nc: 3\n",
    "a.yaml:2: a second YAML document begins here, and the first alone is read, by Helm as well: move what is in it into the first, or remove it",
  ],
  ["an alias of nothing", "a: *b\n", "a.yaml:1:6: not valid YAML: unidentified alias"],
  ["a tag that YAML does not know", "a: !b c\n", "a.yaml:1:8: not valid YAML: unknown tag"],
])("fails on %s", (_what, text, message) => {
  expect(failure(() => parseYamlMap(text, "a.yaml"))).toBe(message);
});

test.each([
  "key: *hunter2\n",
  "key: !hunter2 x\n",
  "key: 'hunter2\n",
  "key: hunter2: x\n",
  "  key: [hunter2\n",
  "!<hunter2|> x",
])("fails without quoting the content of %j", (text) => {
  const message = failure(() => parseYamlMap(text, "a.yaml"));
  expect(message).toMatch(/^a\.yaml:\d+:\d+: not valid YAML: [a-z]/);
  expect(message).not.toContain("hunter2");
});

test("fails on a file that is not there", () => {
  expect(failure(() => readYamlFile(temporaryDirectory(), "values/a.yaml"))).toBe(
    "values/a.yaml: no such file",
  );
});

test("fails on a directory in the place of a file", () => {
  const root = temporaryDirectory();
  fs.mkdirSync(path.join(root, "a.yaml"));
  expect(failure(() => readYamlFile(root, "a.yaml"))).toBe("a.yaml: is a folder, expected a file");
});

test("what is written has sorted keys, no anchors and no folded lines", () => {
  const shared = { y: 1, x: "long ".repeat(40).trim() };
  expect(toYaml({ b: shared, a: shared })).toBe(
    `a:\n  x: ${shared.x}\n  'y': 1\nb:\n  x: ${shared.x}\n  'y': 1\n`,
  );
});
