import * as fs from "node:fs";
import * as path from "node:path";
import { environmentsOf } from "../../../../operations/github/publish-reports";
import { jobReport } from "../../../../operations/github/job-report";
import { pullRequestOf } from "../../../../operations/github/pull-request";
import type { DiffReport } from "../../../../operations/diff/report";
import { OperationError } from "../../../../operations/errors/operation-error";
import { temporaryDirectory } from "../../sample-repository";

const directory = temporaryDirectory();

const summary = path.join(directory, "summary.md");
const props = {
  environment: "sandbox",
  file: path.join(directory, "reports", "sandbox.md"),
  variables: { GITHUB_STEP_SUMMARY: summary },
};
beforeEach(() => fs.writeFileSync(summary, "before\n\n"));

const objects = Array.from({ length: 40 }, (_, i) => ({
  object: `ConfigMap/planted-${i}`,
  namespace: "ollama",
  action: "add" as const,
  versionLabelsOnly: false,
  text: "+x\n".repeat(1000),
  added: 1000,
  removed: 0,
}));
const release = {
  name: "ollama",
  namespace: "ollama",
  chart: "ollama",
  versions: {},
  action: "add" as const,
};
const report: DiffReport = {
  environment: "sandbox",
  against: { context: "sandbox", kubeconfig: ".sandbox/kubeconfig" },
  notes: [],
  warnings: [],
  resources: [],
  releases: [{ ...release, objects, live: [] }],
};

test("a report goes whole to the job's summary, and to the job that writes the comment", async () => {
  await jobReport({ ...props, note: "It comes from a fork." }, () => Promise.resolve(report));
  const found = fs.readFileSync(props.file, "utf8");
  expect(found).not.toContain("could not be found out");
  expect(found).toContain("add ConfigMap/planted-39");
  const text = fs.readFileSync(summary, "utf8");
  expect(text).toMatch(/^before\n\n_It comes from a fork\._\n\n<!-- llm-platform diff: sandbox -->\n/);
  expect(text).toContain("add ConfigMap/planted-39");
  expect(text.length).toBeGreaterThan(100_000);
});

test("a diff that failed is reported, and fails the job", async () => {
  const work = () => Promise.reject(new OperationError("foundation could not be planned"));
  await expect(jobReport(props, work)).rejects.toThrow("foundation could not be planned");
  expect(fs.readFileSync(props.file, "utf8")).toContain("could not be found out");
  expect(fs.readFileSync(summary, "utf8")).toContain("```text\nfoundation could not be planned\n```");
});

test("the environments are a list in JSON", () => {
  expect(environmentsOf({})).toEqual([]);
  expect(environmentsOf({ ENVIRONMENTS: '["production"]' })).toEqual(["production"]);
  for (const ENVIRONMENTS of ["production", '["a b"]']) {
    expect(() => environmentsOf({ ENVIRONMENTS })).toThrow(/^ENVIRONMENTS: found .*expected a list in JSON/);
  }
});

describe("the pull request of a workflow", () => {
  const read = (event: unknown) => {
    const file = path.join(directory, "event.json");
    fs.writeFileSync(file, JSON.stringify(event));
    return pullRequestOf({ GITHUB_EVENT_PATH: file, GITHUB_REPOSITORY: "acme/platform" });
  };
  const event = (repo: unknown) => ({ pull_request: { number: 7, head: { sha: "a".repeat(40), repo } } });

  test.each([
    ["of a branch of the repository", { full_name: "acme/platform" }, false],
    ["of a fork", { full_name: "somebody/platform" }, true],
    ["of a fork that is gone", null, true],
  ])("%s", (_what, repo, fromFork) => {
    expect(read(event(repo))).toEqual({ number: 7, head: "a".repeat(40), fromFork });
  });

  test("fails for another event, and outside of a workflow", () => {
    expect(() => read({ schedule: "17 5 * * *" })).toThrow(/is no event of a pull request/);
    expect(() => pullRequestOf({})).toThrow(/^GITHUB_EVENT_PATH: not set/);
  });
});
