import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../../../../operations/errors/operation-error";
import {
  lintWorkflows,
  type WorkflowLinter,
  workflowLinters,
} from "../../../../operations/github/lint-workflows";
import { havingPrograms } from "../../../skipped-unless";
import { temporaryDirectory } from "../../sample-repository";

const repository = path.join(__dirname, "..", "..", "..", "..");
const directory = temporaryDirectory();

/** A copy of the workflows with a fault planted in one of them. */
function planted(file: string, from: string, to: string): string {
  const root = fs.mkdtempSync(path.join(directory, "planted-"));
  const workflows = path.join(root, ".github", "workflows");
  fs.cpSync(path.join(repository, ".github", "workflows"), workflows, { recursive: true });
  const text = fs.readFileSync(path.join(workflows, file), "utf8");
  if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
  fs.writeFileSync(path.join(workflows, file), text.replace(from, to));
  return root;
}

async function lint(root: string, variables = process.env, linters = workflowLinters) {
  const said: string[] = [];
  const failure = await lintWorkflows(root, variables, (line) => said.push(line), linters).then(
    () => "",
    (error: unknown) => (error instanceof OperationError ? error.message : Promise.reject(error as Error)),
  );
  return { output: said.join("\n"), failure };
}

/** A program on a PATH of its own, which answers what a test says. */
function program(name: string, script: string): NodeJS.ProcessEnv {
  const bin = fs.mkdtempSync(path.join(directory, "bin-"));
  fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: bin };
}

const sample: WorkflowLinter = {
  name: "linter",
  version: "1.2.3",
  fetched: [["fetcher", "linter=={version}"]],
  arguments: [],
};

/** Those that this machine has: a unit test fetches nothing. */
const onPath = workflowLinters.map((linter) => ({ ...linter, fetched: [] }));

for (const linter of onPath) {
  havingPrograms(linter.name)(`${linter.name} finds no fault`, async () => {
    const { output, failure } = await lint(repository, process.env, [linter]);
    expect(output).toContain(`${linter.name} ${linter.version}: `);
    expect([failure, failure && output]).toEqual(["", ""]);
  });
}

describe("a planted fault fails it", () => {
  const faults: [string, string, string, string | RegExp, string, RegExp][] = [
    [
      "actionlint",
      "an event that is not there",
      "drift.yml",
      "schedule:",
      "shedule:",
      /unknown Webhook event "shedule"/,
    ],
    [
      "actionlint",
      "a need of a job that is not there",
      "pull-request.yml",
      "[preview, plan, outdate]",
      "[preview, plans]",
      /needs job "plans"/,
    ],
    [
      "zizmor",
      "an action that is not pinned",
      "deploy.yml",
      /checkout@\w+ # v[\d.]+/,
      "checkout@v7",
      /unpinned-uses/,
    ],
    [
      "zizmor",
      "a template in a command",
      "deploy.yml",
      '--reason "$REASON"',
      '--reason "${{ inputs.reason }}"',
      /template-injection/,
    ],
    [
      "zizmor",
      "a token that is left behind",
      "drift.yml",
      "persist-credentials: false",
      "fetch-depth: 1",
      /artipacked/,
    ],
  ];
  for (const [name, what, file, from, to, message] of faults) {
    havingPrograms(name)(`${name}: ${what}`, async () => {
      const linters = onPath.filter((linter) => linter.name === name);
      const text = fs.readFileSync(path.join(repository, ".github", "workflows", file), "utf8");
      const literal = typeof from === "string" ? from : (from.exec(text)?.[0] ?? "");
      const { output, failure } = await lint(planted(file, literal, to), process.env, linters);
      expect(failure).toBe(`${name}: faults: see above`);
      expect(output).toMatch(message);
      expect(output).toContain(file);
    });
  }
});

describe("a linter", () => {
  test("is run from PATH at its version", async () => {
    const variables = program(
      "linter",
      'if [ "$1" = --version ]; then echo linter 1.2.3; else echo "$@"; exit 3; fi',
    );
    const { output, failure } = await lint(repository, variables, [sample]);
    expect(failure).toBe("linter: faults: see above");
    expect(output).toMatch(/^linter 1\.2\.3: \n.*deploy\.yml .*drift\.yml .*pull-request\.yml$/);
  });

  test("is fetched where PATH has none", async () => {
    const variables = program("fetcher", '[ "$1" = linter==1.2.3 ] && echo linter 1.2.3');
    expect((await lint(repository, variables, [sample])).output).toMatch(
      /^linter 1\.2\.3: \d workflows, no fault$/,
    );
  });

  test.each([
    ["at another version", program("linter", "echo linter 9"), "linter: is linter 9; fetcher is not on PATH"],
    ["that is not there", { PATH: "" }, "linter is not on PATH; fetcher is not on PATH"],
    [
      "that cannot be fetched",
      program("fetcher", "echo fetching >&2; echo no network >&2; exit 1"),
      "linter is not on PATH; fetcher linter==1.2.3: no network",
    ],
  ])("%s is skipped with the reason, and fails nothing", async (_what, variables, reason) => {
    expect(await lint(repository, variables, [sample])).toEqual({
      output: `linter: skipped: expected version 1.2.3: ${reason}`,
      failure: "",
    });
  });
});
