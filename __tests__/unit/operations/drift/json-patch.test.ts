import { jsonPointer, patchBack, valueAt } from "../../../../operations/drift/json-patch";
import { fieldDifferences } from "../../../../operations/diff/live-differences";

const object = (spec: object) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "ollama", resourceVersion: "7" },
  spec,
});

/** The patch that leads from what is there to what was deployed. */
function patch(deployed: object, live: object) {
  const there = object(live);
  const wanted = { ...object(deployed), metadata: { name: "ollama" } };
  return patchBack(there, fieldDifferences(wanted, there)).slice(1);
}

test("a field is replaced where it is, and nothing else", () => {
  const [guard] = patchBack(object({}), []);
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
  const live = object({ containers: [{ name: "sidecar" }, { name: "ollama", image: "b" }] });
  const [found] = fieldDifferences(object({ containers: [{ name: "ollama", image: "a" }] }), live);
  expect(found && jsonPointer(live, found.path)).toBe("/spec/containers/1/image");
});

test("an item that is gone is added at the end", () => {
  const live = object({ containers: [{ name: "sidecar" }] });
  const found = fieldDifferences(object({ containers: [{ name: "ollama" }] }), live);
  expect(patchBack(live, found)[1]).toEqual({
    op: "add",
    path: "/spec/containers/-",
    value: { name: "ollama" },
  });
});

test("keys with slashes and tildes are written as a pointer must", () => {
  expect(jsonPointer({}, [{ key: "metadata" }, { key: "a.io/b~c" }])).toBe("/metadata/a.io~1b~0c");
});

test("the same place is found in the masked form of an object", () => {
  const path = [
    { key: "spec" },
    { key: "containers" },
    { item: { name: "ollama" }, live: undefined },
    { key: "image" },
  ];
  expect(valueAt(object({ containers: [{ name: "ollama", image: "(hidden)" }] }), path)).toBe("(hidden)");
  expect(valueAt(object({}), path)).toBeUndefined();
});
