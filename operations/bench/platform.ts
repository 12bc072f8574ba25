import * as fs from "node:fs";
import * as path from "node:path";
import { loadEnvironment } from "../../applications/load-environment";
import { OperationError } from "../errors/operation-error";
import { isModelServer } from "../sandbox/model-server";
import { processesOf } from "../sandbox/processes";
import { findPrograms, programsOf } from "../sandbox/programs";
import { removeSandbox } from "../sandbox/sandbox";
import { sandboxDirectory, sandboxEnvironment } from "../sandbox/sandbox-environment";
import { deployCredentials } from "../secrets/deploy-credentials";
import { runProgram } from "../terminal/run-program";
import { processEnvironment, workingDirectory } from "../terraform/cdktf";
import { writeByHand } from "./by-hand";
import type { BenchContext, Measurement, Samples } from "./figure";
import { inTurns, timedRun } from "./timed-run";

/** What is run every day on a platform that is as it was deployed. */
const dayTwo = ["diff", "doctor", "drift", "deploy"] as const;

/**
 * Brings the platform up in a copy of the repository, as often as there are runs, and looks at what it is then: the memory
 * of its sandbox, and, the last time, the commands and the plan that have nothing to do.
 *
 * The sandbox is removed whatever happens.
 */
export const platform: Measurement = {
  figures: [
    { title: "npm run up, with its programs there", atMost: 30, unit: "s" },
    { title: "the sandbox with both releases, without the model server", atMost: 900, unit: "MB" },
    { title: "npm run diff, nothing differs", atMost: 2.5, unit: "s" },
    { title: "npm run doctor", atMost: 3, unit: "s" },
    { title: "npm run drift, nothing drifted", atMost: 3, unit: "s" },
    { title: "npm run deploy, nothing to do", atMost: 5, unit: "s" },
    {
      title: "Terraform's plan of llm-apps with nothing to do",
      ...{ atMost: 1.2, unit: "s", judged: "ratio", beside: "the same by hand in HCL" },
    },
  ],
  measure: async (context) => {
    if (!findPrograms(programsOf(context.variables))) {
      throw new OperationError("the sandbox's programs are not here yet: npm run up provides them, once");
    }
    const root = path.join(context.directory, "clone");
    copyRepository(context.root, root);
    try {
      return await measured(context, root);
    } finally {
      await removeSandbox({ directory: sandboxDirectory(root) });
    }
  },
};

async function measured(context: BenchContext, root: string): Promise<Samples[]> {
  const { runs, say } = context;
  const variables = ownVariables(context);
  const npm = (name: string) => () => {
    say(`npm run ${name}`);
    return timedRun(context, ["npm", "run", name], root, variables);
  };
  const up = async (): Promise<number> => {
    await removeSandbox({ directory: sandboxDirectory(root) });
    // The providers, which Terraform keeps in cdktf.out, stay: to get them is part of building.
    for (const name of ["state", "credentials"])
      fs.rmSync(path.join(root, name), { recursive: true, force: true });
    return npm("up")();
  };
  const commands = [
    ...(await inTurns(runs, [up, () => controlPlaneMemory(sandboxDirectory(root))])),
    ...(await inTurns(runs, dayTwo.map(npm))),
  ];

  const environment = loadEnvironment(root, sandboxEnvironment, variables);
  const cdktf = { root, environment: sandboxEnvironment, variables };
  const credentials = await deployCredentials({ root, environment, variables });
  const terraform = (cwd: string, ...args: string[]): Promise<number> => {
    const command = ["terraform", ...args, "-input=false", "-no-color"];
    return timedRun(context, command, cwd, processEnvironment({ ...cdktf, credentials }));
  };
  say("deploying the same releases from HCL written by hand");
  const byHand = path.join(context.directory, "by-hand");
  writeByHand(byHand, root, variables.CHARTS_DIR);
  await terraform(byHand, "init");
  await terraform(byHand, "apply", "-auto-approve");
  say("plans with nothing to do");
  // With this flag a plan that would change anything answers 2, and the measurement fails.
  const plan = (cwd: string) => () => terraform(cwd, "plan", "-detailed-exitcode");
  const [ours = [], besides] = await inTurns(runs, [plan(workingDirectory(cdktf, "llm-apps")), plan(byHand)]);
  return [...commands.map((samples) => ({ samples })), { samples: ours, besides }];
}

/** What git would not ignore, and the installed packages by a link: a fresh clone in which `npm run` has nothing to install. */
export function copyRepository(root: string, directory: string): void {
  const ignored = /^(node_modules|\.git|cdktf\.out|\.sandbox|credentials|state)$/;
  fs.cpSync(root, directory, {
    preserveTimestamps: true,
    recursive: true,
    filter: (file) => !ignored.test(path.relative(root, file)),
  });
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

/** The resident memory of a sandbox's control plane, in MB: of all its processes but the model server and what holds the model. */
async function controlPlaneMemory(sandbox: string): Promise<number> {
  const processes = await processesOf(sandbox);
  const pids = processes.filter(({ command }) => !isModelServer(command)).map(({ pid }) => pid);
  const { stdout } = await runProgram("ps", ["-o", "rss=", "-p", pids.join(",")]);
  return stdout.split("\n").reduce((kib, size) => kib + Number(size), 0) / 1024;
}
