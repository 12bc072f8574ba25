import * as fs from "node:fs";
import * as path from "node:path";
import { loadEnvironment } from "../../applications/load-environment";
import { loadSettings } from "../../applications/load-settings";
import { SettingsError } from "../../settings/settings-error";
import { withTemporaryDirectory } from "../diff/temporary-directory";
import { OperationError } from "../errors/operation-error";
import { isModelServer } from "../sandbox/model-server";
import { processesOf } from "../sandbox/processes";
import { findPrograms, programsOf } from "../sandbox/programs";
import { removeSandbox } from "../sandbox/sandbox";
import { sandboxDirectory, sandboxEnvironment } from "../sandbox/sandbox-environment";
import { findProgram } from "../sandbox/toolchain";
import { deployCredentials } from "../secrets/deploy-credentials";
import { runProgram } from "../terminal/run-program";
import { type CdktfContext, processEnvironment, synthesize, workingDirectory } from "../terraform/cdktf";
import { unreachableSources } from "../terraform/sources";
import { writeByHand } from "./by-hand";
import type { BenchContext, Measurement, Outcome } from "./figure";
import { inTurns, timedRun } from "./timed-run";

/** What is run every day on a platform that is as it was deployed. */
const dayTwo = ["diff", "doctor", "drift", "deploy"] as const;

const byHandInHcl = "the same by hand in HCL";

/**
 * Brings the platform up in a copy of the repository, as often as there are runs, and looks at what it is then: the memory
 * of its sandbox, the state of its releases, and, the last time, the commands and the plan that have nothing to do.
 *
 * The sandbox is removed whatever happens.
 */
export const platform: Measurement = {
  figures: [
    { id: "up", title: "npm run up, with its programs there", atMost: 30, unit: "s" },
    {
      id: "sandbox-memory",
      title: "the sandbox with both releases, without the model server",
      atMost: 900,
      unit: "MB",
    },
    // Beside the state by hand: how long the values are decides the size of both.
    { id: "state", title: "Terraform's state of both releases", atMost: 1, unit: "KB", judged: "ratio" },
    { id: "diff", title: "npm run diff, nothing differs", atMost: 2.5, unit: "s" },
    { id: "doctor", title: "npm run doctor", atMost: 3, unit: "s" },
    { id: "drift", title: "npm run drift, nothing drifted", atMost: 3, unit: "s" },
    { id: "deploy", title: "npm run deploy, nothing to do", atMost: 5, unit: "s" },
    {
      id: "no-op-plan",
      title: "Terraform's plan of llm-apps with nothing to do",
      atMost: 1.2,
      unit: "s",
      judged: "ratio",
    },
  ],
  measure: (context) =>
    withTemporaryDirectory(async (temporary) => {
      // The real path: on some machines the directory for temporary files is a link.
      const directory = fs.realpathSync(temporary);
      const root = path.join(directory, "clone");
      await copyRepository(context.root, root);
      const cdktf: CdktfContext = { root, environment: sandboxEnvironment, variables: ownVariables(context) };
      context.say("looking for what npm run up needs");
      const missing = await missingForUp(cdktf);
      if (missing) {
        return Object.fromEntries(platform.figures.map(({ id }) => [id, { notMeasured: missing }]));
      }
      const sandbox = sandboxDirectory(root);
      try {
        return await measured(context, cdktf, sandbox, path.join(directory, "by-hand"));
      } finally {
        await removeSandbox({ directory: sandbox });
      }
    }, false),
};

async function measured(
  { runs, say, signal }: BenchContext,
  cdktf: CdktfContext,
  sandbox: string,
  byHand: string,
): Promise<{ [id: string]: Outcome }> {
  const { root, variables } = cdktf;
  const samples: { [id: string]: number[] } = {};
  const add = (id: string, value: number): void => void (samples[id] ??= []).push(value);
  const npm = async (name: string, run: number): Promise<void> => {
    say(`npm run ${name}, ${run} of ${runs}`);
    add(name, (await timedRun(["npm", "run", name], { cwd: root, variables, signal })).seconds);
  };
  for (let run = 1; run <= runs; run++) {
    await removeSandbox({ directory: sandbox });
    // The providers, which Terraform keeps in cdktf.out, stay: to get them is part of building.
    for (const name of ["state", "credentials"])
      fs.rmSync(path.join(root, name), { recursive: true, force: true });
    await npm("up", run);
    add("sandbox-memory", await controlPlaneMemory(sandbox));
    add("state", sizeOf(path.join(root, "state", sandboxEnvironment, "llm-apps.tfstate")));
  }
  for (const name of dayTwo) for (let run = 1; run <= runs; run++) await npm(name, run);

  const environment = loadEnvironment(root, sandboxEnvironment, variables);
  const credentials = await deployCredentials({ root, environment, variables });
  const terraform = async (cwd: string, ...args: string[]): Promise<number> => {
    const surroundings = { cwd, variables: processEnvironment({ ...cdktf, credentials }), signal };
    return (await timedRun(["terraform", ...args, "-input=false", "-no-color"], surroundings)).seconds;
  };
  say("deploying the same releases from HCL written by hand");
  writeByHand(byHand, root, variables.CHARTS_DIR);
  await terraform(byHand, "init");
  await terraform(byHand, "apply", "-auto-approve");
  say(`plans with nothing to do, ${runs} times`);
  // With this flag a plan that would change anything answers 2, and the measurement fails.
  const plan = (cwd: string) => terraform(cwd, "plan", "-detailed-exitcode");
  const [ours, theirs] = await inTurns(
    runs,
    () => plan(workingDirectory(cdktf, "llm-apps")),
    () => plan(byHand),
  );
  const beside = (besides: readonly number[]) => ({ what: byHandInHcl, samples: besides });
  const all = (id: string) => ({ samples: samples[id] ?? [] });
  return {
    ...Object.fromEntries(["up", ...dayTwo].map((id) => [id, all(id)])),
    "sandbox-memory": { ...all("sandbox-memory"), note: memoryNote },
    state: { ...all("state"), beside: beside([sizeOf(path.join(byHand, "terraform.tfstate"))]) },
    "no-op-plan": { samples: ours, beside: beside(theirs) },
  };
}

/**
 * Copies what git knows or would add, with its timestamps, and links the installed packages: a fresh clone in which
 * `npm run` has nothing to install.
 *
 * @throws OperationError when the repository is not one of git
 */
export async function copyRepository(root: string, directory: string): Promise<void> {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", "."];
  const { exitCode, stdout } = await runProgram("git", args, { cwd: root });
  if (exitCode !== 0) {
    throw new OperationError(
      `git cannot list the files of ${root}: run the bench in a clone, made with git clone`,
    );
  }
  // A file that was deleted and not yet committed is still listed.
  for (const file of stdout.split("\0").filter((name) => name && fs.existsSync(path.join(root, name)))) {
    fs.cpSync(path.join(root, file), path.join(directory, file), {
      preserveTimestamps: true,
      recursive: true,
    });
  }
  fs.symlinkSync(fs.realpathSync(path.join(root, "node_modules")), path.join(directory, "node_modules"));
}

function ownVariables({ root, variables }: BenchContext): NodeJS.ProcessEnv {
  return {
    // What npm tells its scripts names the repository, and npm is run in another one.
    ...Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith("npm_"))),
    ENVIRONMENT: sandboxEnvironment,
    ...(variables.CHARTS_DIR && { CHARTS_DIR: path.resolve(root, variables.CHARTS_DIR) }),
  };
}

/** Why `npm run up` cannot deploy on this machine, or undefined where it can. Has Terraform get its providers. */
async function missingForUp(cdktf: CdktfContext): Promise<string | undefined> {
  const { root, variables } = cdktf;
  if (!findPrograms(programsOf(variables))) {
    return "the sandbox's programs are not here yet: npm run up provides them, once";
  }
  if (!findProgram("terraform", variables)) return "terraform is not on PATH";
  try {
    const { charts } = loadSettings(root, variables);
    const { exitCode, errors } = await synthesize(cdktf);
    if (exitCode !== 0) return errors.trim();
    const [first] = await unreachableSources(cdktf, charts);
    return first && `${first.source} did not answer: ${first.reason}; another place: ${first.setting}`;
  } catch (error) {
    // A package that is not in CHARTS_DIR.
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
}

const isLinux = process.platform === "linux";

const memoryNote = isLinux
  ? "proportional sets (PSS) added up: a page that processes share counts once"
  : "resident sets (RSS) added up: a page that processes share counts for each";

/** The memory of a sandbox's control plane, in MB: all of its processes but the model server and what holds the model. */
async function controlPlaneMemory(sandbox: string): Promise<number> {
  const processes = await processesOf(sandbox);
  return memoryOf(processes.filter(({ command }) => !isModelServer(command)).map(({ pid }) => pid));
}

/** @returns in MB; see {@link memoryNote} */
export async function memoryOf(pids: readonly number[]): Promise<number> {
  const sizes = isLinux
    ? pids.map((pid) => /^Pss:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1])
    : (await runProgram("ps", ["-o", "rss=", "-p", pids.join(",")])).stdout.split("\n");
  return sizes.reduce((kib, size) => kib + Number(size), 0) / 1024;
}

function sizeOf(file: string): number {
  return fs.statSync(file).size / 1024;
}
