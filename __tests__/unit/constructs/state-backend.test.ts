import { setBackend } from "../../../constructs/state-backend";
import type { State } from "../../../settings/environment";
import { synthesizeStack } from "../synthesize";

function stateOf(state: State) {
  return synthesizeStack((stack, root) =>
    setBackend(stack, {
      environment: "test",
      state,
      cluster: { root, kubeconfig: ".sandbox/kubeconfig", context: "sandbox" },
    }),
  ).terraform;
}

const backend = (state: State) => stateOf(state).backend;

test.each<[State["backend"], State]>([
  ["local", { backend: "local" }],
  ["s3", { backend: "s3", bucket: "states", region: "eu-central-1", endpoint: "https://minio.test" }],
  ["kubernetes", { backend: "kubernetes", namespace: "terraform" }],
])("state in the backend %s looks like this", (_backend, state) => {
  expect(backend(state)).toMatchSnapshot();
});

test("a local state is in the repository, one file for each environment and stack", () => {
  expect(backend({ backend: "local" })).toEqual({ local: { path: "../../../state/test/sample.tfstate" } });
});

test("a state in a bucket is encrypted and locked", () => {
  expect(backend({ backend: "s3", bucket: "states", region: "eu" })).toEqual({
    s3: {
      bucket: "states",
      region: "eu",
      key: "llm-platform/test/sample.tfstate",
      encrypt: true,
      use_lockfile: true,
    },
  });
});

test("a state that must be encrypted is refused in clear, and no key is in the configuration", () => {
  expect(stateOf({ backend: "local", encrypted: true })).toMatchObject({
    encryption: { state: { enforced: true }, plan: { enforced: true } },
  });
});

test("a state in the cluster is in the cluster of the environment, never in the current one", () => {
  expect(backend({ backend: "kubernetes", namespace: "terraform" })).toMatchObject({
    kubernetes: { config_context: "sandbox", config_path: "../../../.sandbox/kubeconfig" },
  });
});
