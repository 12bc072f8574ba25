import { keptReleasesOf, namespacesOf, releasesOf } from "../../../applications/releases";
import { failure } from "../failure";

const models = { models: ["llama2"], gpu: { count: 0 } };
const of = (applications: { [release: string]: { [key: string]: unknown } }) =>
  releasesOf({ name: "x", applications });
const file = "environments/x.yaml";

test("a release is the application of its name, unless it says of which", () => {
  const releases = of({ ollama: models, small: { application: "ollama", namespace: "tiny", ...models } });
  expect(releases.map(({ name, namespace, application }) => [name, namespace, application.name])).toEqual([
    ["ollama", "ollama", "ollama"],
    ["small", "tiny", "ollama"],
  ]);
});

test("each comes after those that it needs, otherwise as the file has them", () => {
  expect(of({ librechat: {}, ollama: models }).map(({ name }) => name)).toEqual(["ollama", "librechat"]);
});

test("LibreChat needs every Ollama, or those that it names", () => {
  const two = { ollama: models, small: { application: "ollama", ...models } };
  expect(of({ ...two, librechat: {} }).at(-1)?.needs).toEqual(["ollama", "small"]);
  const one = of({ ...two, librechat: { ollama: ["small"] } });
  expect(one.find(({ name }) => name === "librechat")?.needs).toEqual(["small"]);
});

test("what is not installed may need what is not installed either", () => {
  const ollama = { ...models, installed: false };
  expect(of({ ollama, librechat: { installed: false, needs: ["ollama"] } })).toEqual([]);
});

test("what is not installed is no release, and keeps its place", () => {
  const environment = {
    name: "x",
    applications: {
      ollama: models,
      small: { application: "ollama", installed: false, ...models },
      librechat: {},
    },
  };
  expect(releasesOf(environment).map(({ name, needs }) => [name, needs])).toEqual([
    ["ollama", []],
    ["librechat", ["ollama"]],
  ]);
  expect(keptReleasesOf(environment).map(({ name, namespace }) => [name, namespace])).toEqual([
    ["small", "small"],
  ]);
  expect(namespacesOf(environment)).toEqual(["ollama", "librechat", "small"]);
  // Its host is free, its namespace is not.
  const ingress = { host: "a.test", allowedSourceRanges: ["10.0.0.0/8"] };
  const again = (more: object) =>
    of({
      ollama: { ...models, ingress },
      old: { application: "ollama", installed: false, ingress, ...models, ...more },
    });
  expect(again({})).toHaveLength(1);
  expect(failure(() => again({ namespace: "ollama" }))).toContain(
    "is the namespace of applications.ollama too",
  );
});

test("fails with what is wrong with all of them in one go", () => {
  const wrong = {
    olama: models,
    small: { application: "ollama", gpu: { count: 1 } },
    librechat: { namespace: "default" },
  };
  expect(failure(() => of(wrong)).split("\n")).toEqual([
    expect.stringContaining("applications.olama: no application is called so"),
    `${file}: applications.small.models: missing, expected a list`,
    expect.stringContaining("applications.librechat.namespace: "),
  ]);
  const needing = { ollama: { ...models, needs: ["a"] }, librechat: { needs: ["b"] } };
  expect(failure(() => of(needing)).split("\n")).toHaveLength(2);
});

test.each([
  [
    "an unknown application",
    { olama: models },
    "applications.olama: no application is called so, did you mean ollama? (there are: ollama, librechat)",
  ],
  [
    "a release that is of no application",
    { small: { application: "olama", ...models } },
    'applications.small.application: found "olama", no application is called so, did you mean ollama? (there are: ollama, librechat)',
  ],
  [
    "a release of another name that does not say of which application it is",
    { gpu: models },
    "applications.gpu: no application is called so (there are: ollama, librechat); a release of another name says of which it is: application: NAME",
  ],
  [
    "a misspelt application of a release",
    { small: { aplication: "ollama", ...models } },
    "applications.small.aplication: unknown key, did you mean application? (which application small is: ollama, librechat)",
  ],
  [
    "a release that is called as another application",
    { librechat: { application: "ollama", ...models } },
    'applications.librechat.application: found "ollama": a release that is called librechat would have the values files of the application librechat: call it something else',
  ],
  [
    "a need of what is not installed",
    { ollama: { ...models, installed: false }, librechat: { needs: ["ollama"] } },
    "applications.librechat: needs ollama, which is not installed: install it (applications.ollama.installed), or remove the need",
  ],
  [
    "a need that is not there",
    { ollama: models, librechat: { needs: ["olama"] } },
    "applications.librechat: needs olama, which is no release of this environment, did you mean ollama? (there are: ollama, librechat)",
  ],
  [
    "a need of a release that is not installed, which is not there",
    { ollama: models, small: { application: "ollama", ...models, installed: false, needs: ["olama"] } },
    "applications.small: needs olama, which is no release of this environment, did you mean ollama? (there are: ollama, small)",
  ],
  [
    "an Ollama of a LibreChat that is not installed, which is not there",
    { ollama: models, librechat: { installed: false, ollama: ["olama"] } },
    "applications.librechat: needs olama, which is no release of this environment, did you mean ollama? (there are: ollama, librechat)",
  ],
  [
    "releases that need each other",
    { ollama: { ...models, needs: ["librechat"] }, librechat: {} },
    "applications: ollama needs librechat (applications.ollama.needs), librechat needs ollama (LibreChat by itself): remove one of these needs from the file",
  ],
  [
    "a release that needs itself",
    { ollama: { ...models, needs: ["ollama"] } },
    "applications: ollama needs ollama (applications.ollama.needs): remove one of these needs from the file",
  ],
  [
    "a namespace of Kubernetes' own",
    { ollama: { ...models, namespace: "kube-system" } },
    "applications.ollama.namespace: the namespace kube-system is Kubernetes' own: name another",
  ],
  [
    "two releases in one namespace",
    { ollama: models, small: { application: "ollama", namespace: "ollama", ...models } },
    "applications.small.namespace: ollama is the namespace of applications.ollama too: give each its own",
  ],
])("fails on %s", (_what, applications, message) => {
  expect(failure(() => of(applications))).toBe(`${file}: ${message}`);
});
