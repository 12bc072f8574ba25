import * as fs from "node:fs";
import * as yaml from "js-yaml";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { command as github } from "../../../../operations/commands/github";
import { nameEngine } from "../../../../operations/github/engine";
import { engineNames } from "../../../../settings/engine";
import { temporaryDirectory } from "../../sample-repository";
import { recommended } from "../../../../operations/node-versions.json";

// What a workflow does beyond these rules is in an npm script, which other tests run.
const root = path.join(__dirname, "..", "..", "..", "..");
const directory = path.join(root, ".github", "workflows");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: { readonly [input: string]: unknown };
  readonly env?: { readonly [name: string]: string };
}

interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: { readonly [scope: string]: string };
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: { readonly [event: string]: unknown };
  readonly permissions: unknown;
  readonly jobs: { readonly [job: string]: Job };
}

const texts = Object.fromEntries(
  fs.readdirSync(directory).map((file) => [file, fs.readFileSync(path.join(directory, file), "utf8")]),
);
const workflows = Object.fromEntries(
  Object.entries(texts).map(([file, text]) => [file, yaml.load(text) as Workflow]),
);
const jobs = Object.entries(workflows).flatMap(([file, { jobs }]) =>
  Object.entries(jobs).map(([name, job]) => ({ name: `${file.replace(".yml", "")} ${name}`, job })),
);
const steps = jobs.flatMap(({ name, job }) => job.steps.map((step) => ({ name, step })));
const job = (name: string): Job => {
  const found = jobs.find((each) => each.name === name);
  if (!found) throw new Error(`no job ${name}`);
  return found.job;
};

test("there are three workflows", () => {
  expect(Object.keys(workflows)).toEqual(["deploy.yml", "drift.yml", "pull-request.yml"]);
});

describe("what a workflow runs", () => {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as {
    scripts: { [name: string]: string };
  };
  const commands = steps.flatMap(({ name, step }) => (step.run ? [[name, step.run] as const] : []));

  test.each(commands)("%s: %s is one npm script that is there, without a template", (_name, run) => {
    const [, script] = /^npm (ci|test|run ([a-z:]+)( -- [\w ./"$^-]+)?)$/.exec(run) ?? [];
    expect(script).toBeDefined();
    const named = script?.startsWith("run ") ? script.split(" ")[1] : script;
    if (named !== "ci") expect(Object.keys(scripts)).toContain(named);
  });

  test("the job on CDK Terrain installs it as the README says", () => {
    const [installed] =
      fs.readFileSync(path.join(root, ".ci", "terrain"), "utf8").match(/npm install .*cdktn@\S+/) ?? [];
    expect(installed).toBeDefined();
    expect(fs.readFileSync(path.join(root, "README.md"), "utf8")).toContain(`  ${installed}\n`);
  });

  test("its commands and options of npm run github are there", () => {
    const named = commands.flatMap(([, run]) => {
      const [, command = "", options = ""] = /^npm run github -- (\S+) ?(.*)$/.exec(run) ?? [];
      return command ? [{ command, options: options.match(/--[a-z]+/g) ?? [] }] : [];
    });
    expect([...new Set(named.map(({ command }) => command))].sort()).toEqual(
      github.commands.map((command) => command.name()).sort(),
    );
    for (const { command, options } of named) {
      const known = github.commands.find((each) => each.name() === command)?.options.map(({ long }) => long);
      expect(options.filter((option) => !known?.includes(option))).toEqual([]);
    }
  });
});

test("a job of an environment installs the engine that this says, and no other", () => {
  const ofEnvironment = jobs.filter(({ job }) => job.environment?.startsWith("${{ matrix.environment }}"));
  expect(ofEnvironment.map(({ name }) => name)).toEqual([
    "deploy deploy",
    "drift drift",
    "pull-request plan",
  ]);
  for (const { job } of ofEnvironment) {
    const installing = job.steps.filter(({ uses }) => /setup-(terraform|opentofu)@/.test(uses ?? ""));
    expect(installing.map((step) => step.if)).toEqual(
      engineNames.map((name) => `steps.engine.outputs.name == '${name}'`),
    );
  }
  const output = path.join(temporaryDirectory(), "output");
  nameEngine({ root, environment: "minikube", variables: { GITHUB_OUTPUT: output } });
  expect(fs.readFileSync(output, "utf8")).toBe("name=terraform\n");
});

describe("actions", () => {
  test("are pinned by commit, with the version beside it, the same one everywhere", () => {
    const used = Object.values(texts).flatMap((text) => text.match(/uses: .*/g) ?? []);
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((line) => !/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual(
      [],
    );
    const pins = new Set(used);
    expect(pins.size).toBe(new Set([...pins].map((line) => line.split("@")[0])).size);
  });

  test("leave no token behind", () => {
    const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
    expect(checkouts.map(({ step }) => step.with?.["persist-credentials"])).toEqual(
      checkouts.map(() => false),
    );
  });
});

describe("permissions", () => {
  test("are none for a workflow, and for each job the least, each with its reason", () => {
    expect(Object.values(workflows).map(({ permissions }) => permissions)).toEqual([{}, {}, {}]);
    expect(Object.fromEntries(jobs.map(({ name, job }) => [name, job.permissions]))).toEqual({
      "deploy deploy": { contents: "read", actions: "read", "pull-requests": "read" },
      "drift drift": { contents: "read", issues: "write" },
      "pull-request test": { contents: "read" },
      "pull-request terrain": { contents: "read" },
      "pull-request preview": { contents: "read" },
      "pull-request plan": { contents: "read" },
      "pull-request outdate": { contents: "read", "pull-requests": "write" },
      "pull-request comment": { contents: "read", "pull-requests": "write" },
    });
    const granted = Object.values(texts).flatMap((text) => text.match(/^ {6}\S+: (read|write)\b.*$/gm) ?? []);
    expect(granted.filter((line) => !line.includes(" # "))).toEqual([]);
  });

  test("a job that may write runs the base revision of a pull request, never what it brings", () => {
    for (const name of ["pull-request outdate", "pull-request comment"]) {
      const checkout = job(name).steps.find(({ uses }) => uses?.startsWith("actions/checkout@"));
      expect(checkout?.with?.ref).toBe("${{ github.event.pull_request.base.sha }}");
    }
    const events = Object.values(workflows).flatMap(({ on }) => Object.keys(on));
    expect(events).not.toContain("pull_request_target");
    expect(events).not.toContain("workflow_run");
  });

  test("secrets are those of a GitHub environment, and a fork's pull request reaches no job that has any", () => {
    const withSecrets = jobs.filter(({ job }) => JSON.stringify(job).includes("secrets."));
    expect(withSecrets.map(({ name, job }) => [name, job.environment])).toEqual([
      ["deploy deploy", "${{ matrix.environment }}"],
      ["drift drift", "${{ matrix.environment }}-drift"],
      ["pull-request plan", "${{ matrix.environment }}-plan"],
    ]);
    for (const name of ["pull-request outdate", "pull-request plan", "pull-request comment"]) {
      expect(job(name).if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
    }
  });

  test("tokens and secrets are handed to one step alone, never to a job or a workflow", () => {
    for (const [file, text] of Object.entries(texts)) {
      const document = parseDocument(text).toJS() as Workflow & { env?: unknown };
      expect([file, document.env]).toEqual([file, undefined]);
    }
    expect(jobs.filter(({ job }) => "env" in job)).toEqual([]);
    const install = steps.filter(({ step }) => step.run === "npm ci");
    expect(install.filter(({ step }) => step.env)).toEqual([]);
  });
});

test("every job ends after a time that is stated", () => {
  expect(jobs.filter(({ job }) => !job["timeout-minutes"])).toEqual([]);
});

test("one deploy at a time an environment, which nothing cancels", () => {
  expect(job("deploy deploy").concurrency).toEqual({
    group: "deploy-${{ matrix.environment }}",
    "cancel-in-progress": false,
  });
});

test("a deploy gets nothing from a cache, which a pull request may have filled", () => {
  for (const name of ["deploy deploy", "drift drift", "pull-request outdate", "pull-request comment"]) {
    expect(job(name).steps.filter(({ uses }) => uses?.startsWith("actions/cache@"))).toEqual([]);
    const node = job(name).steps.find(({ uses }) => uses?.startsWith("actions/setup-node@"));
    expect(node?.with).toEqual({ "node-version": recommended, "package-manager-cache": false });
  }
});
