import { foundationResources, neededRights } from "../../../../operations/doctor/needed-rights";
import { loadEnvironment } from "../../../../applications/load-environment";
import { repository } from "../../sample-repository";
import { environments, platformOf } from "../../synthesize-platform";

test("every resource that the stacks hold, in every environment, is one that rights are asked for", () => {
  const types = environments.flatMap((environment) => {
    const { foundation, llmApps } = platformOf(environment);
    return [foundation, llmApps].flatMap(({ resource = {} }) => Object.keys(resource));
  });
  const kubernetes = types.filter((type) => type.startsWith("kubernetes_"));
  expect(Object.keys(foundationResources)).toEqual(expect.arrayContaining(kubernetes));
});

test("Secrets are asked for as Terraform and as Helm need them, in each namespace", () => {
  const rights = neededRights(loadEnvironment(repository, "sandbox"), ["ollama", "librechat"]);
  for (const namespace of ["ollama", "librechat"]) {
    const secrets = rights.filter((right) => right.resource === "secrets" && right.namespace === namespace);
    expect(secrets).toEqual([
      { resource: "secrets", namespace, verbs: ["get", "create", "patch", "delete", "list", "update"] },
    ]);
  }
});

test("the lock and the records are asked for in their namespace, and a state in the cluster in its own", () => {
  const sandbox = loadEnvironment(repository, "sandbox");
  const environment = {
    ...sandbox,
    cluster: { ...sandbox.cluster, recordsNamespace: "records" },
    state: { backend: "kubernetes", namespace: "terraform" },
  } as const;
  const rights = neededRights(environment, []);
  const within = (namespace: string): string[] =>
    rights.filter((right) => right.namespace === namespace).map(({ resource }) => resource);
  expect(within("records")).toEqual(["leases.coordination.k8s.io", "configmaps"]);
  expect(within("terraform")).toEqual(["secrets", "leases.coordination.k8s.io"]);
  expect(neededRights(sandbox, []).filter(({ namespace }) => namespace === "terraform")).toEqual([]);
});

test("what npm run backup and npm run restore do is asked for where a release has them, and no deploy fails for it", () => {
  const rights = neededRights(loadEnvironment(repository, "sandbox"), ["ollama", "librechat"]);
  const asked = (resource: string): [namespace: string | undefined, verbs: readonly string[]][] =>
    rights
      .filter((right) => right.resource === resource && right.without !== undefined)
      .map(({ namespace, verbs }) => [namespace, verbs]);
  expect(asked("pods")).toEqual([["librechat", ["get", "create", "delete"]]]);
  expect(asked("deployments.apps/scale")).toEqual([["librechat", ["patch"]]]);
  expect(asked("pods/exec")).toEqual([
    ["ollama", ["get", "create"]],
    ["librechat", ["get", "create"]],
  ]);
});

test("ingresses are asked for only where something is exposed", () => {
  const sandbox = loadEnvironment(repository, "sandbox");
  const resources = (applications: typeof sandbox.applications): string[] =>
    neededRights({ ...sandbox, applications }, ["librechat"]).map(({ resource }) => resource);
  expect(resources(sandbox.applications)).toContain("ingresses.networking.k8s.io");
  expect(resources({ librechat: {} })).not.toContain("ingresses.networking.k8s.io");
});

test("claims of devices are asked for only where some are claimed", () => {
  const sandbox = loadEnvironment(repository, "sandbox");
  const resources = (gpu: object): string[] => {
    const applications = { ollama: { models: ["tiny"], gpu: { count: 1, ...gpu } } };
    return neededRights({ ...sandbox, applications }, ["ollama"]).map(({ resource }) => resource);
  };
  expect(resources({ deviceClass: "gpu.nvidia.com" })).toContain("resourceclaimtemplates.resource.k8s.io");
  expect(resources({})).not.toContain("resourceclaimtemplates.resource.k8s.io");
});
