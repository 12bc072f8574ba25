import execa from "execa";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { failed, notChecked, passed } from "../../../../applications/question";
import { jsonReport, textReport } from "../../../../operations/verify/report";
import { allPassed } from "../../../../operations/verify/verification";
import { repository, temporaryDirectory } from "../../sample-repository";

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

test("what is stopped says so beside its answers in JSON, and not among them", async () => {
  const server = http.createServer(() => asking.kill("SIGINT"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const urls = ["ollama", "librechat"].flatMap((release) => ["--url", `${release}=${url}`]);
  const asking = execa(
    process.execPath,
    [path.join(repository, "operations/entry.mjs"), "verify", "-e", "minikube-cpu", "--json", ...urls],
    {
      cwd: repository,
      env: { PATH: process.env.PATH, HOME: temporaryDirectory(), KUBECONFIG: "/nowhere" },
      ...{ extendEnv: false, reject: false, timeout: 60_000 },
    },
  );
  const { stdout, stderr, exitCode } = await asking;
  server.closeAllConnections();
  server.close();
  expect(JSON.parse(stdout)).toMatchObject({ environment: "minikube-cpu" });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("stopping; a second Ctrl-C is refused")]);
}, 90_000);
