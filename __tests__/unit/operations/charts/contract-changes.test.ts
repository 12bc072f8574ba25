import type { Contract } from "../../../../contracts/contract";
import { contractChanges } from "../../../../operations/charts/contract-changes";

const contract = (version: string, keys: Contract["keys"]): Contract => ({
  name: "sample",
  version,
  appVersion: `v${version}`,
  keys,
});

test("changes are told by what they mean for what is set", () => {
  const from = contract("1.0.0", {
    a: { type: "string", default: "x" },
    b: { type: "string", default: "x" },
    c: { type: "string", default: "x" },
    d: { type: "string" },
    e: { type: "string" },
    env: { type: "map", open: true, default: {} },
    image: { type: "map" },
    "image.tag": { type: "string", default: "1" },
  });
  const to = contract("2.0.0", {
    a: { type: "string", default: "y" },
    b: { type: "string", default: "y" },
    d: { type: "string", unread: true },
    env: { type: "map", open: true, default: { A: "1" } },
    image: { type: "map" },
    "image.tag": { type: "string", default: "2" },
    f: { type: "string" },
  });
  expect(
    contractChanges(from, to, [
      { a: "1", c: "1" },
      { d: "1", env: { B: "2" } },
    ]),
  ).toEqual({
    from: { version: "1.0.0", appVersion: "v1.0.0" },
    to: { version: "2.0.0", appVersion: "v2.0.0" },
    gone: ["c", "d"],
    defaults: [
      { key: "a", from: "x", to: "y" },
      { key: "env", from: {}, to: { A: "1" } },
    ],
    images: [{ key: "image.tag", from: "1", to: "2" }],
    added: ["f"],
    removed: ["c", "d", "e"],
  });
});
