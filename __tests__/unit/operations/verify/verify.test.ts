import { failed, notChecked, passed } from "../../../../applications/question";
import { jsonReport, textReport } from "../../../../operations/verify/report";
import { allPassed } from "../../../../operations/verify/verification";

test("what was not asked is shown, and counts neither as passed nor as failed", () => {
  const release = "models";
  const checks = [
    { release, name: "models tags", ...passed("all") },
    { release, name: "models gpu", ...notChecked("the node is simulated") },
  ];
  expect(allPassed(checks)).toBe(true);
  expect(textReport(checks, "sandbox")).toBe(`  passed       models tags: all
  not checked  models gpu: the node is simulated

sandbox answers: 1 passed, 1 not checked
`);
  expect(textReport(checks.slice(1), "sandbox")).toContain("sandbox was not asked anything");
  expect(
    JSON.parse(jsonReport([...checks, { release, name: "models x", ...failed("y") }], "sandbox")),
  ).toMatchObject({ passed: false });
});
