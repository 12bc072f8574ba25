import * as fs from "node:fs";
import * as path from "node:path";
import { writeByHand } from "../../../../operations/bench/by-hand";
import { type DeployedRelease, deployedReleases } from "../../../../operations/bench/deployed-releases";
import { mergeValues } from "../../../../settings/values";
import { readYamlFile } from "../../../../settings/yaml-file";
import { sampleRepository, temporaryDirectory } from "../../sample-repository";

const ollama: DeployedRelease = {
  name: "ollama",
  chart: "/charts/ollama-1.77.0.tgz",
  version: "1.77.0",
  timeoutSeconds: 1800,
  values: ["service:\n  type: NodePort\n", '{"podAnnotations":{"text":"${NAME}"}}'],
};
const librechat: DeployedRelease = {
  name: "librechat",
  chart: "librechat",
  repository: "oci://example.com/charts",
  version: "2.0.8",
  timeoutSeconds: 900,
  values: ["replicaCount: 2\n"],
};

function written(): { directory: string; root: string; hcl: string } {
  const { root } = sampleRepository();
  const directory = temporaryDirectory();
  writeByHand(directory, {
    root,
    releases: [librechat, ollama],
    cluster: { kubeconfig: "/clone/.sandbox/kubeconfig", context: "sandbox" },
    providerVersions: { helm: "3.1.1", kubernetes: "2.38.0" },
  });
  return { directory, root, hcl: fs.readFileSync(path.join(directory, "main.tf"), "utf8") };
}

describe("the same releases written by hand", () => {
  it("is what a person would write", () => {
    expect(written().hcl).toMatchSnapshot();
  });

  it("has other namespaces, so that it disturbs nothing that is deployed", () => {
    const { hcl } = written();
    expect(hcl).toContain('name = "ollama-by-hand"');
    expect(hcl).toContain("namespace  = kubernetes_namespace_v1.ollama.metadata[0].name");
    expect(hcl).not.toMatch(/namespace +(=|name =) "ollama"/);
  });

  it("keeps the repository's values file with its comments", () => {
    const { directory, root } = written();
    const text = fs.readFileSync(path.join(directory, "values/ollama.yaml"), "utf8");
    expect(text).toBe(fs.readFileSync(path.join(root, "values/ollama.yaml"), "utf8"));
    expect(text).toContain("#");
  });

  it("deploys exactly the values that were deployed", () => {
    const { directory } = written();
    const files = ["values/ollama.yaml", "values/ollama.environment.yaml"];
    const merged = mergeValues(files.map((file) => readYamlFile(directory, file)));
    expect(merged).toMatchObject({ service: { type: "NodePort" }, podAnnotations: { text: "${NAME}" } });
    // What the file has and the release has not is taken away again.
    expect(merged.resources).toBeNull();
  });
});

describe("the deployed releases", () => {
  it("are read from the state, a package's path made absolute", () => {
    const directory = temporaryDirectory();
    const attributes = { name: "ollama", version: "1.77.0", timeout: 1800, values: ["a: 1\n"] };
    const release = (own: object) => ({
      type: "helm_release",
      instances: [{ attributes: { ...attributes, ...own } }],
    });
    fs.writeFileSync(
      path.join(directory, "state"),
      JSON.stringify({
        resources: [
          { type: "kubernetes_namespace_v1", instances: [{ attributes: {} }] },
          release({ chart: "./assets/ollama.tgz", repository: null }),
          release({ chart: "ollama", repository: "https://example.com" }),
        ],
      }),
    );
    const found = deployedReleases(path.join(directory, "state"), "/clone/stack");
    expect(found.map(({ chart, repository }) => [chart, repository])).toEqual([
      ["/clone/stack/assets/ollama.tgz", undefined],
      ["ollama", "https://example.com"],
    ]);
  });
});
