import { fieldDifferences } from "../../../../operations/diff/field-differences";
import { patchBack } from "../../../../operations/drift/patch-back";

const object = (spec: object, metadata: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "ollama", ...metadata },
  spec,
});

/** The patch that leads from what is there to what was deployed. */
function patch(deployed: object, live: object) {
  return patchBack(object(live), fieldDifferences(object(deployed), object(live))).slice(1);
}

test("a field is replaced where it is, and nothing else", () => {
  const [guard] = patchBack(object({}, { resourceVersion: "7" }), []);
  expect(guard).toEqual({ op: "test", path: "/metadata/resourceVersion", value: "7" });
  expect(patch({ replicas: 1 }, { replicas: 3, paused: true })).toEqual([
    { op: "replace", path: "/spec/replicas", value: 1 },
  ]);
});

test("a field that is gone is added, with what is below it", () => {
  expect(patch({ strategy: { type: "Recreate" } }, {})).toEqual([
    { op: "add", path: "/spec/strategy", value: { type: "Recreate" } },
  ]);
});

test("an item of a list is found by its name, wherever it is by now", () => {
  const live = { containers: [{ name: "sidecar" }, { name: "ollama", image: "b" }] };
  expect(patch({ containers: [{ name: "ollama", image: "a" }] }, live)).toEqual([
    { op: "replace", path: "/spec/containers/1/image", value: "a" },
  ]);
});

test("an item that is gone is added at the end", () => {
  expect(patch({ containers: [{ name: "ollama" }] }, { containers: [{ name: "sidecar" }] })).toEqual([
    { op: "add", path: "/spec/containers/1", value: { name: "ollama" } },
  ]);
});

test("what was added is taken away after all else, of a list the last first", () => {
  const items = (...names: string[]) => names.map((name) => ({ name }));
  const live = object({ containers: items("a", "ollama", "b", "c") });
  const fieldsV1 = {
    "f:spec": {
      "f:containers": Object.fromEntries(
        ["a", "b", "c"].map((name) => [`k:${JSON.stringify({ name })}`, { ".": {} }]),
      ),
    },
  };
  const managed = { ...live, metadata: { ...live.metadata, managedFields: [{ manager: "k9s", fieldsV1 }] } };
  const deployed = object({ replicas: 1, containers: items("ollama") });
  expect(patchBack(managed, fieldDifferences(deployed, managed)).slice(1)).toEqual([
    { op: "add", path: "/spec/replicas", value: 1 },
    ...[3, 2, 0].map((i) => ({ op: "remove", path: `/spec/containers/${i}` })),
  ]);
});

test("keys with slashes and tildes are written as a pointer must", () => {
  const deployed = object({}, { labels: { "a.io/b~c": "1" } });
  const live = object({}, { labels: { other: "1" } });
  expect(patchBack(live, fieldDifferences(deployed, live))[1]?.path).toBe("/metadata/labels/a.io~1b~0c");
});
