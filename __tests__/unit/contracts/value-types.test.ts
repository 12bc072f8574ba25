import { valueTypes } from "../../../contracts/value-types";

test("types are those of the keys, and of Kubernetes's client", () => {
  const text = valueTypes({
    name: "my-sample",
    version: "1.0.0",
    appVersion: "1",
    keys: {
      replicaCount: { type: "number", default: 1 },
      "a-b": { type: "map" },
      "a-b.c": { type: "string", default: "" },
      env: { type: "map", open: true, kubernetes: ["{}string"] },
      hosts: { type: "list" },
      "hosts.*": { type: "map" },
      "hosts.*.host": { type: "string" },
      kind: { type: "string", default: "A", kubernetes: ["=A|B"] },
      probe: { type: "map", open: true, kubernetes: ["core.v1.Probe"] },
      "probe.enabled": { type: "boolean", default: true },
      dead: { type: "string", unread: true },
    },
  });
  expect(text).toMatchSnapshot();
});
