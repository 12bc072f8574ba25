import { compareObjects } from "../../../../operations/diff/compare-objects";
import { unifiedDiff } from "../../../../operations/diff/unified-diff";
import { deployment, object } from "./objects";

describe("a unified diff", () => {
  it("has little context, and says under which keys a change is", () => {
    const { text, added, removed } = unifiedDiff(deployment({ image: "a:1" }), deployment({ image: "a:2" }));
    expect(text).toBe(
      [
        "@@ spec.template.spec.containers[ollama]",
        "     spec:",
        "       containers:",
        "-        - image: a:1",
        "+        - image: a:2",
        "           name: ollama",
      ].join("\n"),
    );
    expect([added, removed]).toEqual([1, 1]);
  });

  it("is empty where nothing differs but the order of keys", () => {
    expect(unifiedDiff({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toEqual({
      text: "",
      added: 0,
      removed: 0,
    });
  });

  it("is the whole text where one side is missing", () => {
    expect(unifiedDiff(undefined, { a: 1 })).toEqual({ text: "@@\n+a: 1", added: 1, removed: 0 });
    expect(unifiedDiff({ a: 1 }, undefined)).toEqual({ text: "@@\n-a: 1", added: 0, removed: 1 });
  });

  it("names the keys above a line of a text of many lines", () => {
    const file = (model: string) => ({
      data: { "librechat.yaml": `a: b\n\nendpoints:\n  - name: Ollama\n    model: ${model}\n` },
    });
    expect(unifiedDiff(file("a"), file("b")).text).toContain("@@ data.librechat.yaml.endpoints[Ollama]\n");
  });
});

describe("compared objects", () => {
  it("are added, changed and destroyed; the same ones are left out", () => {
    const same = object("Service");
    const changes = compareObjects([
      { old: same, new: same },
      { new: object("ConfigMap", {}, "new") },
      { old: object("ConfigMap", {}, "old") },
      { old: object("Secret", { type: "a" }), new: object("Secret", { type: "b" }) },
    ]);
    expect(changes.map(({ object, action }) => [object, action])).toEqual([
      ["ConfigMap/new", "add"],
      ["ConfigMap/old", "destroy"],
      ["Secret/sample", "change"],
    ]);
  });

  it("are told apart when only the labels with the chart's version differ", () => {
    const labelled = (version: string, spec = {}) =>
      object("Service", {
        metadata: { labels: { "helm.sh/chart": `ollama-${version}`, app: "ollama" } },
        spec,
      });
    const [labels] = compareObjects([{ old: labelled("1"), new: labelled("2") }]);
    expect(labels?.versionLabelsOnly).toBe(true);
    const [more] = compareObjects([{ old: labelled("1"), new: labelled("2", { type: "NodePort" }) }]);
    expect(more?.versionLabelsOnly).toBe(false);
  });
});
