import { failedTests, resultsOf, skippedTests } from "../../../../operations/testing/run-tiers";

test("each reason is named once, with the number of tests; others are none", () => {
  const file = (...assertionResults: { title: string; status: string }[]) => ({
    ...{ name: "/clone/__tests__/unit/a.test.ts", status: "passed" },
    assertionResults,
  });
  const testResults = [
    file(
      { title: "encrypts (skipped: sops and age-keygen not on PATH)", status: "pending" },
      { title: "a linter is skipped with the reason", status: "passed" },
      { title: "is filtered out by its name", status: "pending" },
    ),
    file(
      { title: "decrypts (skipped: sops and age-keygen not on PATH)", status: "pending" },
      { title: "a fault is found (skipped: zizmor not on PATH)", status: "pending" },
    ),
  ];
  expect(skippedTests({ testResults })).toEqual([
    "2 tests skipped: sops and age-keygen not on PATH",
    "1 test skipped: zizmor not on PATH",
  ]);
});

test("what failed is named with its file, and so is a file that did not load", () => {
  const file = (name: string, status: string, ...assertionResults: { title: string; status: string }[]) => ({
    ...{ name: `/clone/__tests__/${name}.test.ts`, status },
    assertionResults,
  });
  expect(
    failedTests({
      testResults: [
        file("unit/a", "passed", { title: "a", status: "passed" }),
        file("unit/b", "failed", { title: "b", status: "passed" }, { title: "c", status: "failed" }),
        file("unit/d", "failed"),
      ],
    }),
  ).toEqual(["failed: __tests__/unit/b.test.ts: c", "failed: __tests__/unit/d.test.ts"]);
});

test("jest that could not start is told without a stack trace", () => {
  expect(() => resultsOf("unit", "")).toThrow(
    "jest ended without results of the unit tests: see what it says with npx jest --selectProjects unit",
  );
});
