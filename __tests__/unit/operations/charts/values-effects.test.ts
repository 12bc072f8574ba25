import { changed, valuesLeaves } from "../../../../operations/charts/values-effects";

test("leaves are scalars and what is empty, in their order", () => {
  expect(valuesLeaves({ a: { b: 1, c: [] }, d: [{ e: "x" }, true], f: null })).toEqual([
    { path: ["a", "b"], value: 1 },
    { path: ["a", "c"], value: [] },
    { path: ["d", 0, "e"], value: "x" },
    { path: ["d", 1], value: true },
    { path: ["f"], value: null },
  ]);
});

test.each([
  [true, false],
  ["true", "false"],
  [1, 2],
  ["3080", "3081"],
  ["256Mi", "257Mi"],
  ["nginx", "nginxchanged"],
  [[], ["changed"]],
  [{}, { changed: "changed" }],
])("%j changes to %j", (value, expected) => {
  expect(changed(value)).toEqual(expected);
});
