import { releasesOf } from "../../../applications/releases";
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
    "a need that is not there",
    { ollama: models, librechat: { needs: ["olama"] } },
    "applications.librechat: needs olama, which is no release of this environment, did you mean ollama? (there are: ollama, librechat)",
  ],
  [
    "releases that need each other",
    { ollama: { ...models, needs: ["librechat"] }, librechat: {} },
    "applications: ollama needs librechat needs ollama: remove one of these needs",
  ],
  [
    "a release that needs itself",
    { ollama: { ...models, needs: ["ollama"] } },
    "applications: ollama needs ollama: remove one of these needs",
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
