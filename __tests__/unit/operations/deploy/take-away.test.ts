import { leavingReleases, withoutReleases } from "../../../../operations/deploy/take-away";

const change = (address: string, actions: readonly string[], before?: object, after?: object) => ({
  address,
  mode: "managed",
  type: address.split(".")[0],
  change: { actions, before, after },
});

test("what leaves its namespace is what is removed, and what moves", () => {
  const here = { name: "small", namespace: "small" };
  const plan = {
    resource_changes: [
      change("helm_release.removed", ["delete"], here),
      change("helm_release.moved", ["delete", "create"], here, { ...here, namespace: "elsewhere" }),
      change("helm_release.made-anew", ["delete", "create"], here, { ...here, name: "other" }),
      change("helm_release.changed", ["update"], here, here),
      change("kubernetes_namespace_v1.small", ["delete"], here),
    ],
  };
  expect(leavingReleases({ stack: "llm-apps", json: plan })).toEqual([
    "helm_release.removed",
    "helm_release.moved",
  ]);
  expect(leavingReleases({ stack: "llm-apps" })).toEqual([]);
});

test("a stack without a release has nothing left that refers to it, and all the rest", () => {
  const configuration = {
    provider: { helm: [{}] },
    resource: {
      helm_release: {
        small: { name: "small" },
        "small-2": { name: "small-2" },
        librechat: { depends_on: ["helm_release.small", "helm_release.small-2"] },
      },
    },
    output: {
      small_release: { value: { name: "${helm_release.small.name}" } },
      "small-2_release": { value: { name: "${helm_release.small-2.name}" } },
    },
  };
  expect(withoutReleases(configuration, ["helm_release.small"])).toEqual({
    provider: { helm: [{}] },
    resource: {
      helm_release: {
        "small-2": { name: "small-2", depends_on: [] },
        librechat: { depends_on: ["helm_release.small-2"] },
      },
    },
    output: { "small-2_release": { value: { name: "${helm_release.small-2.name}" } } },
  });
  expect(withoutReleases({ resource: { helm_release: { small: {} } } }, ["helm_release.small"])).toEqual({});
});
