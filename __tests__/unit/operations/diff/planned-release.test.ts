import { chartName, configuredReleases, renderingNotes } from "../../../../operations/diff/planned-release";

const release = (attributes: object) => ({ resource: { helm_release: { ollama: attributes } } });
const variables = { credentials_revision: { chat_web: 7 } };

describe("the releases of a configuration", () => {
  it("have their values merged as Helm does, and their variables filled in", () => {
    const [found] = configuredReleases(
      release({
        "//": { metadata: { path: "${unknown}" } },
        name: "ollama",
        namespace: "ollama",
        chart: "./assets/x/ollama-1.77.0.tgz",
        version: "1.77.0",
        depends_on: ["data.kubernetes_namespace_v1.reachable"],
        values: [
          "a:\n  b: 1\n  c: [1]\n",
          '{"a":{"c":[2],"revision":"${try(var.credentials_revision.chat_web, 1)}","none":"${try(var.credentials_revision.other, 1)}"}}',
        ],
      }),
      variables,
    );
    expect(found).toEqual({
      address: "helm_release.ollama",
      name: "ollama",
      namespace: "ollama",
      chart: "./assets/x/ollama-1.77.0.tgz",
      repository: undefined,
      version: "1.77.0",
      values: { a: { b: 1, c: [2], revision: "7", none: "1" } },
      leftOut: [],
    });
  });

  it("keep what only looks like an expression of Terraform's", () => {
    const [found] = configuredReleases(release({ values: ["a: $${NAME} %%{if} $5 100%\n"] }), {});
    expect(found?.values).toEqual({ a: "${NAME} %{if} $5 100%" });
  });

  it.each([
    ["${kubernetes_namespace_v1.a.id}"],
    ["${try(var.unknown.a, 1)}"],
    ["%{ if true }"],
    ['${upper("a")}'],
  ])("keep %s, which only Terraform knows, and a note says so", (text) => {
    const found = configuredReleases(
      release({ name: "a", values: [`a: ${JSON.stringify(text)}`] }),
      variables,
    );
    expect(found[0]?.values).toEqual({ a: text });
    expect(renderingNotes(found)).toEqual([
      `the manifests of a are rendered without ${text.slice(2, -1).trim().replaceAll('"', '\\"')}`,
    ]);
  });

  it("say which of their settings a rendering leaves out", () => {
    const settings = { set: [{ name: "b", value: "c" }], postrender: { binary_path: "./x" } };
    expect(renderingNotes(configuredReleases(release({ name: "a", ...settings }), {}))).toEqual([
      "the manifests of a are rendered without set, postrender",
    ]);
  });

  it("may be none", () => {
    expect(configuredReleases({ resource: {} }, variables)).toEqual([]);
  });
});

describe("the name of a chart", () => {
  it.each([
    ["./assets/ollama_chart_7E8A3C8A/68BE/ollama-1.77.0.tgz", "1.77.0", "ollama"],
    ["librechat", "2.0.8", "librechat"],
  ])("is what %s is called without the version", (chart, version, name) => {
    expect(chartName({ chart, version })).toBe(name);
  });
});
