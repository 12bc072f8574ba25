import { changed } from "../../../../operations/charts/values-effects";

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
