import { nearest } from "../../../settings/nearest";

test.each([
  ["ingres", "ingress"],
  ["CLUSTER", "cluster"],
  ["clusetr", "cluster"],
  ["allowedSourceRange", "allowedSourceRanges"],
])("%s is nearest to %s", (found, meant) => {
  expect(nearest(found, ["cluster", "ingress", "models", "allowedSourceRanges"])).toBe(meant);
});

test("what is near to nothing has no nearest", () => {
  expect(nearest("color", ["cluster", "ingress"])).toBeUndefined();
});

test("of two that are as near the first in the alphabet is taken", () => {
  expect(nearest("s2", ["s3", "s1"])).toBe("s1");
});
