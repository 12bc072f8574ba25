import type { DeployRecord } from "../../../../operations/cluster/deploy-record";
import { timeoutOf } from "../../../../operations/deploy/unlock";
import { minikube } from "../../../credentials";

const record = (startedAt: string, timeouts?: DeployRecord["timeouts"]): DeployRecord => ({
  ...{ id: startedAt, action: "deploy", who: "mira", startedAt, result: "running", releases: [] },
  ...(timeouts && { timeouts }),
});
const pending = (name: string, chart = "ollama") => ({
  ...{ name, chart, deployedAt: new Date("2026-01-02T12:00:00Z") },
});

test("a pending release may take as long as was said when it was begun, whatever is said since", () => {
  const records = [
    record("2026-01-03T00:00:00Z", { ollama: 1 }),
    record("2026-01-02T11:59:00Z", { ollama: 5400, renamed: 2400 }),
    record("2026-01-01T00:00:00Z", { ollama: 2 }),
  ];
  expect(timeoutOf(pending("ollama"), records, minikube)).toBe(5400);
  expect(timeoutOf(pending("renamed"), records, minikube)).toBe(2400);
});

test("without a record it is that of the release of its name, and where there is none that of its chart's application", () => {
  expect(timeoutOf(pending("ollama"), [record("2026-01-02T11:00:00Z")], minikube)).toBe(1800);
  expect(timeoutOf(pending("gone"), [], minikube)).toBe(1800);
  expect(timeoutOf(pending("gone", "somebody-elses"), [], minikube)).toBe(600);
});
