import * as fs from "node:fs";
import * as path from "node:path";
import { sandboxDirectory, sandboxEnvironment } from "../sandbox/sandbox-environment";
import { findPrograms, programsOf } from "../sandbox/programs";
import { removeSandbox } from "../sandbox/sandbox";
import { findProgram } from "../sandbox/toolchain";
import { loadSettings } from "../../applications/load-settings";
import { SettingsError } from "../../settings/settings-error";
import { type CdktfContext, synthesize } from "../terraform/cdktf";
import { unreachableSources } from "../terraform/sources";
import type { BenchContext } from "./context";
import { dayTwoFigures, measureDayTwo } from "./day-two";
import type { FigureId, Outcomes } from "./figure";
import { measureNoOpPlan } from "./no-op-plan";
import { controlPlaneMemory, type ProcessMemory } from "./process-memory";
import { copyRepository } from "./repository-copy";
import { inTemporaryDirectory } from "./temporary-directory";
import { timedRun } from "./timed-run";

/** The figures that need the whole platform. */
export const platformFigures = [
  "up",
  "sandbox-memory",
  "state",
  ...dayTwoFigures,
  "no-op-plan",
] as const satisfies readonly FigureId[];

/**
 * Brings the platform up in a copy of the repository, as often as there are runs, and looks at what it is then: the memory
 * of its sandbox, the state of its releases, and, the last time, the commands and the plan that have nothing to do.
 *
 * The sandbox is removed whatever happens.
 */
export function measurePlatform(context: BenchContext): Promise<Outcomes> {
  const { root, runs, say, signal } = context;
  return inTemporaryDirectory(async (directory) => {
    const copy = path.join(directory, "clone");
    fs.mkdirSync(copy);
    await copyRepository(root, copy);
    const variables = sandboxVariables(context);
    const cdktf: CdktfContext = { root: copy, environment: sandboxEnvironment, variables };
    say("looking for what npm run up needs");
    const missing = await missingForUp(cdktf);
    if (missing) {
      return Object.fromEntries(platformFigures.map((id) => [id, { notMeasured: missing }])) as Outcomes;
    }

    const sandbox = sandboxDirectory(copy);
    const seconds: number[] = [];
    const memory: ProcessMemory[] = [];
    const stateBytes: number[] = [];
    try {
      for (let run = 1; run <= runs; run++) {
        await removeSandbox({ directory: sandbox });
        // The providers, which Terraform keeps in cdktf.out, stay: to get them is part of building.
        for (const name of ["state", "credentials"])
          fs.rmSync(path.join(copy, name), { recursive: true, force: true });
        say(`npm run up, ${run} of ${runs}`);
        const up = await timedRun({ file: "npm", args: ["run", "up"], cwd: copy, variables }, signal);
        seconds.push(up.seconds);
        memory.push(await controlPlaneMemory(sandbox));
        stateBytes.push(fs.statSync(stateFile(copy)).size);
      }
      const dayTwo = await measureDayTwo(context, copy, variables);
      const byHand = await measureNoOpPlan(context, cdktf, stateFile(copy), directory);
      return {
        up: { samples: seconds },
        "sandbox-memory": {
          samples: memory.map(({ resident, proportional }) => proportional ?? resident),
          note: memoryNote(memory.at(-1)),
        },
        state: { samples: stateBytes, instead: { what: "HCL by hand", samples: [byHand.stateBytes] } },
        ...dayTwo,
        "no-op-plan": byHand.plan,
      };
    } finally {
      await removeSandbox({ directory: sandbox });
    }
  });
}

function sandboxVariables({ root, variables }: BenchContext): NodeJS.ProcessEnv {
  return {
    // What npm tells its scripts names the repository, and npm is run in another one.
    ...Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith("npm_"))),
    ENVIRONMENT: sandboxEnvironment,
    ...(variables.CHARTS_DIR && { CHARTS_DIR: path.resolve(root, variables.CHARTS_DIR) }),
  };
}

function stateFile(copy: string): string {
  return path.join(copy, "state", sandboxEnvironment, "llm-apps.tfstate");
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

function memoryNote(memory: ProcessMemory | undefined): string {
  if (memory?.proportional === undefined) return "resident sets (RSS) added up";
  return `proportional sets (PSS) added up; resident sets (RSS) at last: ${Math.round(memory.resident)} MB`;
}
