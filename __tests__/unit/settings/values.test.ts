import { loadValues, mergeValues, refuseDecidedKeys } from "../../../settings/values";
import { failure } from "../failure";
import { repository, sampleRepository } from "../sample-repository";

describe("merging", () => {
  test.each([
    ["mappings key by key", [{ a: { b: 1, c: 2 } }, { a: { c: 3 } }], { a: { b: 1, c: 3 } }],
    ["lists as a whole", [{ a: [1, 2] }, { a: [3] }], { a: [3] }],
    ["a mapping over a text", [{ a: "b" }, { a: { b: 1 } }], { a: { b: 1 } }],
    ["null as the removal of the chart's default", [{ a: { b: 1 } }, { a: null }], { a: null }],
    ["nothing to nothing", [], {}],
  ])("takes %s", (_what, layers, merged) => {
    expect(mergeValues(layers)).toEqual(merged);
  });

  test("leaves the layers as they were", () => {
    const layers = [{ a: { b: 1 } }, { a: { c: 2 } }];
    mergeValues(layers);
    expect(layers).toEqual([{ a: { b: 1 } }, { a: { c: 2 } }]);
  });
});

test("an environment's overlay wins over the values of every environment", () => {
  const sample = sampleRepository();
  sample.write("values/app.yaml", "a: 1\nb: 1\n");
  sample.write("values/app.production.yaml", "b: 2\n");
  expect(loadValues(sample.root, ["app"], "production").values).toEqual({ a: 1, b: 2 });
  expect(loadValues(sample.root, ["app"], "minikube").values).toEqual({ a: 1, b: 1 });
});

test("a release of another name has the values of its application, and then its own", () => {
  const sample = sampleRepository();
  sample.write("values/app.yaml", "a: 1\nb: 1\nc: 1\n");
  sample.write("values/small.yaml", "b: 2\nc: 2\n");
  sample.write("values/small.production.yaml", "c: 3\n");
  expect(loadValues(sample.root, ["app", "small"], "production").values).toEqual({ a: 1, b: 2, c: 3 });
  expect(loadValues(sample.root, ["app", "other"], "production").values).toEqual({ a: 1, b: 1, c: 1 });
});

test("fails on values that are not there", () => {
  expect(failure(() => loadValues(repository, ["notes"], "minikube"))).toBe(
    "values/notes.yaml: no such file",
  );
});

test.each([
  ["is a list", "- a\n", "values/ollama.yaml: expected a mapping of keys to values, found a list"],
  [
    "is not YAML",
    "a: 'b\n",
    "values/ollama.yaml:2:1: not valid YAML: unexpected end of the stream within a single quoted scalar",
  ],
  ["repeats a key", "a: 1\na: 2\n", "values/ollama.yaml:2:1: not valid YAML: duplicated mapping key"],
])("fails on a values file that %s", (_what, text, message) => {
  const sample = sampleRepository();
  sample.write("values/ollama.yaml", text);
  expect(failure(() => loadValues(sample.root, ["ollama"], "minikube"))).toBe(message);
});

describe("keys that the platform decides", () => {
  const decided = { "a.b": "models in environments/x.yaml", c: "the foundation stack" };
  const refuse = (base: string, overlay: string) => {
    const sample = sampleRepository();
    sample.write("values/app.yaml", base);
    sample.write("values/app.x.yaml", overlay);
    refuseDecidedKeys(loadValues(sample.root, ["app"], "x"), decided);
  };

  test("are no matter where no file sets them", () => {
    expect(() => refuse("a: { other: 1 }\n", "d: 1\n")).not.toThrow();
  });

  test.each([
    [
      "the key itself",
      "a: { b: 1 }\n",
      "",
      "values/app.yaml: a.b: is decided by models in environments/x.yaml: remove it here",
    ],
    [
      "a key below it",
      "c: { d: 1 }\n",
      "",
      "values/app.yaml: c: is decided by the foundation stack: remove it here",
    ],
    ["the key as null", "c:\n", "", "values/app.yaml: c: is decided by the foundation stack: remove it here"],
    [
      "a list in the place of the mapping above it",
      "a: [1]\n",
      "",
      "values/app.yaml: a: is decided by models in environments/x.yaml: remove it here",
    ],
    [
      "the key in the overlay",
      "",
      "c: 1\n",
      "values/app.x.yaml: c: is decided by the foundation stack: remove it here",
    ],
    [
      "several keys",
      "a: { b: 1 }\n",
      "c: 1\n",
      "values/app.yaml: a.b: is decided by models in environments/x.yaml: remove it here\n" +
        "values/app.x.yaml: c: is decided by the foundation stack: remove it here",
    ],
  ])("fail where a file sets %s", (_what, base, overlay, message) => {
    expect(failure(() => refuse(base, overlay))).toBe(message);
  });
});
