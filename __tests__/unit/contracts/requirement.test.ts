import {
  always,
  both,
  conditionHolds,
  conditionKey,
  either,
  inEntry,
  isOn,
  opposite,
  type Requirement,
} from "../../../contracts/requirement";

test("both asks for all of each", () => {
  expect(both([["a"]], [["b"], ["c"]])).toEqual([
    ["a", "b"],
    ["a", "c"],
  ]);
  expect(both(always, [["b"]])).toEqual([["b"]]);
});

test("what contradicts itself can never be", () => {
  expect(both([["a"], ["b"]], [["!a"]])).toEqual([["!a", "b"]]);
  expect(both([["a=x"]], [["a!=x"]])).toEqual([]);
});

test("either asks for the least", () => {
  expect(either([["a", "b"]], [["a"]])).toEqual([["a"]]);
  expect(either([["a"]], [["!a"]])).toEqual([[]]);
  expect(either([["a", "b"]], [["!a", "b"]])).toEqual([["b"]]);
});

test("a requirement that grows too large stays as it was", () => {
  const many = Array.from({ length: 5 }, (_, i) => [`a${i}`]);
  const others = Array.from({ length: 5 }, (_, i) => [`b${i}`]);
  expect(both(many, others)).toBe(many);
});

test.each([
  ["a", "!a"],
  ["a=x", "a!=x"],
  ["a~=x", "a!~=x"],
])("%s is the opposite of %s", (one, other) => {
  expect(opposite(one)).toBe(other);
  expect(opposite(other)).toBe(one);
});

test.each([undefined, null, false, 0, "", [], {}])("%j is off for a Go template", (value) => {
  expect(isOn(value)).toBe(false);
});

test.each([true, 1, "false", [0], { a: 0 }])("%j is on for a Go template", (value) => {
  expect(isOn(value)).toBe(true);
});

test("conditions look at values", () => {
  expect(conditionHolds("a", true)).toBe(true);
  expect(conditionHolds("!a", "")).toBe(true);
  expect(conditionHolds("a=nvidia", "nvidia")).toBe(true);
  expect(conditionHolds("a!=nvidia", "nvidia")).toBe(false);
});

test.each([
  ["a~=Port", "NodePort", true],
  ["a~=Port", "ClusterIP", false],
  ["a!~=Port", "ClusterIP", true],
  ["a!~=Port", "NodePort", false],
])("whether %s holds for %j, which may have it in it: %s", (condition, value, holds) => {
  expect(conditionHolds(condition, value)).toBe(holds);
  expect(conditionKey(condition)).toBe("a");
});

test("of too many alternatives, what they have in common stays", () => {
  const many = Array.from({ length: 40 }, (_, i) => ["a.enabled", `b${i}`]);
  expect(many.reduce<Requirement>((sum, all) => either(sum, [all]), [])).toEqual([["a.enabled"]]);
});

test.each([
  ["ports.*.enabled", ["ports", "web", "port"], "ports.web.enabled"],
  ["!ports.*.enabled", ["ports", "a.b", "port"], "!ports.a\\.b.enabled"],
  ["ports.*.kind!=web", ["ports", "web"], "ports.web.kind!=web"],
  ["tls.enabled", ["ports", "web"], "tls.enabled"],
])("%s of an entry is about that entry alone", (condition, names, own) => {
  expect(inEntry(condition, names)).toBe(own);
});
