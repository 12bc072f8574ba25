import { valuesLeaves } from "../../../contracts/values-leaves";

test("leaves are scalars and what is empty, in their order", () => {
  expect(valuesLeaves({ a: { b: 1, c: [] }, d: [{ e: "x" }, true], f: null })).toEqual([
    { path: ["a", "b"], value: 1 },
    { path: ["a", "c"], value: [] },
    { path: ["d", 0, "e"], value: "x" },
    { path: ["d", 1], value: true },
    { path: ["f"], value: null },
  ]);
});
