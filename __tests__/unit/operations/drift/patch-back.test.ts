import { fieldDifferences } from "../../../../operations/diff/live-differences";
import { patchBack } from "../../../../operations/drift/object-drift";

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

test("keys with slashes and tildes are written as a pointer must", () => {
  const deployed = object({}, { labels: { "a.io/b~c": "1" } });
  const live = object({}, { labels: { other: "1" } });
  expect(patchBack(live, fieldDifferences(deployed, live))[1]?.path).toBe("/metadata/labels/a.io~1b~0c");
});
