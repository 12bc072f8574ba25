import { chartName, configuredReleases, plannedRelease } from "../../../../operations/diff/planned-release";

const release = (attributes: object) => ({ resource: { helm_release: { ollama: attributes } } });
const variables = { credentials_revision: { chat_web: 7 } };

describe("the releases of a configuration", () => {
  it("have their values merged as Helm does, and their variables filled in", () => {
    const [found] =
      configuredReleases(
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
      ) ?? [];
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
    const [found] = configuredReleases(release({ values: ["a: $${NAME} %%{if} $5 100%\n"] }), {}) ?? [];
    expect(found?.values).toEqual({ a: "${NAME} %{if} $5 100%" });
  });

  it.each([
    ["${kubernetes_namespace_v1.a.id}"],
    ["${var.unknown}"],
    ["${try(var.unknown.a, 1)}"],
    ["%{ if true }a%{ endif }"],
    ['${upper("a")}'],
  ])("are left to the plan where they hold %s", (text) => {
    expect(
      configuredReleases(release({ values: [`a: ${JSON.stringify(text)}`] }), variables),
    ).toBeUndefined();
  });

  it("may be none", () => {
    expect(configuredReleases({ resource: {} }, variables)).toEqual([]);
  });
});

describe("a release of a plan", () => {
  it("says which of its settings a rendering leaves out", () => {
    const found = plannedRelease("helm_release.a", {
      name: "a",
      set: [{ name: "b", value: "c" }],
      set_list: [],
      set_sensitive: null,
      postrender: { binary_path: "./x" },
    });
    expect(found.leftOut).toEqual(["set", "postrender"]);
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
