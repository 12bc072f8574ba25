import { skippedTests } from "../../../../operations/testing/run-tiers";

test("each reason is named once, with the number of tests; others are none", () => {
  const file = (...assertionResults: { title: string; status: string }[]) => ({ assertionResults });
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
