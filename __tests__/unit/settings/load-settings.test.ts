import { loadSettings } from "../../../applications/load-settings";
import { failure } from "../failure";
import { repository, sampleRepository } from "../sample-repository";

test("the environment is minikube where none is named", () => {
  expect(loadSettings(repository, {}).environment.name).toBe("minikube");
});

test("fails where the name of the environment is set and empty: it would choose a cluster that nobody named", () => {
  expect(failure(() => loadSettings(repository, { ENVIRONMENT: "" }))).toBe(
    "ENVIRONMENT: is set and empty: name an environment (there are: minikube, minikube-cpu, production, sandbox), or unset it for minikube",
  );
});

test("what is wrong with the environment, the files of values and the lock is told at once", () => {
  const sample = sampleRepository();
  sample.edit("environments/minikube.yaml", "count: 1", "count: 99");
  sample.edit("environments/minikube.yaml", "cluster:", "clusters:");
  sample.write("values/olama.yaml", "");
  sample.edit("charts/lock.yaml", "version: 1.77.0", "version: latest");
  expect(failure(() => loadSettings(sample.root, {})).split("\n")).toEqual([
    expect.stringContaining("environments/minikube.yaml: cluster: missing"),
    expect.stringContaining("environments/minikube.yaml: clusters: unknown key, did you mean cluster?"),
    expect.stringContaining(
      "environments/minikube.yaml: applications.ollama.gpu.count: expected 0 to 16, found 99",
    ),
    expect.stringContaining("values/olama.yaml: no release of any environment reads it"),
    expect.stringContaining("charts/lock.yaml: ollama.version: expected one exact version"),
  ]);
});

test.each([
  ["unknown key", "cluster:", "clusters:"],
  ["value", "count: 1", "count: 99"],
  ["release", "  librechat:\n", "  librechta:\n    host: x\n  librechat:\n"],
])("with a wrong %s in the environment what is wrong with its values is told too", (_what, right, wrong) => {
  const sample = sampleRepository();
  sample.edit("environments/minikube.yaml", right, wrong);
  sample.write("values/ollama.minikube.yaml", "replicaCont: 2\nresources: { limits: { memory: 1GB } }\n");
  sample.write("values/librechat.minikube.yaml", "image: { tag: 1.10 }\n");
  const faults = failure(() => loadSettings(sample.root, {})).split("\n");
  expect(faults.some((fault) => fault.startsWith("environments/minikube.yaml: "))).toBe(true);
  expect(faults.filter((fault) => fault.startsWith("values/"))).toEqual([
    expect.stringContaining("values/ollama.minikube.yaml:2: resources.limits.memory: "),
    expect.stringContaining(
      "values/ollama.minikube.yaml:1: replicaCont: the chart ollama 1.77.0 has no such key and ignores it, did you mean replicaCount?",
    ),
    expect.stringContaining("values/librechat.minikube.yaml:1: image.tag: "),
  ]);
});

test("the environment is the one that is named", () => {
  expect(loadSettings(repository, { ENVIRONMENT: "production" }).environment.name).toBe("production");
});

test("an empty CHARTS_DIR means the repositories", () => {
  expect(loadSettings(repository, { CHARTS_DIR: "" }).charts.ollama).not.toHaveProperty("package");
});

test("an application's values are those of the environment", () => {
  const { root, write } = sampleRepository();
  write("values/librechat.production.yaml", "replicaCount: 0\n");
  const replicas = (environment: string): unknown =>
    loadSettings(root, { ENVIRONMENT: environment }).values("librechat").values.replicaCount;
  expect([replicas("production"), replicas("minikube")]).toEqual([0, 1]);
});

test("fails on an environment that is not there", () => {
  expect(failure(() => loadSettings(repository, { ENVIRONMENT: "prodution" }))).toBe(
    'environment "prodution": unknown, did you mean production? (there are: minikube, minikube-cpu, production, sandbox; each is a file in environments/)',
  );
});

test("the data of the environment that DELETE_DATA names may be deleted, in this run", () => {
  const onDestroy = (variables: { readonly [name: string]: string }) =>
    loadSettings(repository, variables).environment.storage.onDestroy;
  expect(onDestroy({ DELETE_DATA: "minikube" })).toBe("delete");
  expect(onDestroy({ DELETE_DATA: "" })).toBe("keep");
  expect(onDestroy({ ENVIRONMENT: "sandbox" })).toBe("delete");
});

test("fails where DELETE_DATA names another environment, or says yes", () => {
  expect(failure(() => loadSettings(repository, { DELETE_DATA: "true", ENVIRONMENT: "production" }))).toBe(
    'DELETE_DATA: expected production, the environment whose data this run may delete, found "true": nothing was deleted; correct the variable, or unset it',
  );
});
