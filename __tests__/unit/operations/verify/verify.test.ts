import { failed, notChecked, passed } from "../../../../applications/question";
import { NoAnswerError } from "../../../../operations/errors/no-answer-error";
import { explained } from "../../../../operations/verify/endpoint";
import { jsonReport, textReport } from "../../../../operations/verify/report";
import { allPassed } from "../../../../operations/verify/verification";

describe("a port-forward", () => {
  const address = "http://127.0.0.1:41234";
  const endpoint = (reason?: string) => ({ address, fault: () => reason });
  const error = new NoAnswerError(`${address}/health`, "other side closed");

  test("gives its own reason for a server that did not answer, and leaves out its local port", () => {
    expect(explained(error, endpoint("error forwarding port 3080: refused")).message).toBe(
      "/health did not answer: error forwarding port 3080: refused",
    );
  });

  test("that has no reason leaves an error as it is", () => {
    expect(explained(error, endpoint())).toBe(error);
  });
});

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
