import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { defaultEnvironment } from "../../settings/default-environment";
import { InterruptedError } from "../errors/interrupted-error";
import { OperationError } from "../errors/operation-error";
import { isModelServer } from "../sandbox/model-server";
import { processesOf } from "../sandbox/processes";
import { findPrograms, programsOf } from "../sandbox/programs";
import { removeSandbox } from "../sandbox/sandbox";
import { sandboxDirectory, sandboxEnvironment } from "../sandbox/sandbox-environment";
import { columns } from "../terminal/columns";
import { removeAfterwards } from "../terminal/remove-afterwards";
import { runProgram } from "../terminal/run-program";
import { synthesize } from "../terraform/cdktf";
import { type TimedContext, timedRun } from "./timed-run";

/** One figure that the platform promises to keep. */
export interface Figure {
  /** As README names it. */
  readonly title: string;
  readonly unit: "s" | "MB";
  /** The largest median that keeps the promise. */
  readonly atMost: number;
  /** Takes it once, in a copy of the repository. */
  readonly take: (clone: TimedContext) => Promise<number>;
}

/** All of them, in the order in which they are taken: each finds the platform as the one before left it. */
export const figures: readonly Figure[] = [
  { title: "synth of both stacks, without CDKTF's command line", unit: "s", atMost: 0.5, take: synth },
  { title: "npm run up, with its programs there", unit: "s", atMost: 30, take: up },
  {
    title: "the sandbox with both releases, without the model server",
    ...{ unit: "MB", atMost: 900, take: controlPlaneMemory },
  },
  { title: "npm run diff, nothing differs", unit: "s", atMost: 2.5, take: npm("diff") },
  { title: "npm run doctor", unit: "s", atMost: 3, take: npm("doctor") },
  { title: "npm run drift, nothing drifted", unit: "s", atMost: 3, take: npm("drift") },
  { title: "npm run deploy, nothing to do", unit: "s", atMost: 5, take: npm("deploy") },
];

/** A figure with the median of its runs. */
export type Measured = Pick<Figure, "title" | "unit" | "atMost"> & { readonly median: number };

export interface BenchContext extends TimedContext {
  /** How often each figure is taken. */
  readonly runs: number;
  /** Takes what is going on, a line at a time. */
  readonly say: (line: string) => void;
}

/**
 * Takes every figure anew, in turns, so that whatever else the machine is doing slows all alike, in a copy of the repository with
 * a sandbox of its own, which is removed whatever happens.
 *
 * @param wanted @default - all of them
 * @throws InterruptedError when somebody wanted to have it end
 */
export async function bench(
  { runs, say, ...context }: BenchContext,
  wanted: readonly Figure[] = figures,
): Promise<Measured[]> {
  // The real path: on some machines the directory for temporary files is a link.
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-bench-")));
  const root = path.join(directory, "clone");
  const samples = new Map(wanted.map((figure) => [figure, [] as number[]]));
  const work = async (): Promise<Measured[]> => {
    copyRepository(context.root, root);
    const clone = { ...context, root, variables: ownVariables(context) };
    // The first round is not counted: it fills caches.
    for (let round = 0; round <= runs; round++) {
      for (const [{ title, take }, found] of samples) {
        say(title);
        const value = await take(clone);
        if (round > 0) found.push(value);
      }
    }
    return [...samples].map(([figure, found]) => ({ ...figure, median: median(found) }));
  };
  const ended = async (): Promise<Measured[]> => {
    try {
      return await work();
    } catch (error) {
      if (context.interruption.signal.aborted) throw new InterruptedError("stopped: nothing is left running");
      throw error;
    } finally {
      await removeSandbox({ directory: sandboxDirectory(root) });
    }
  };
  return removeAfterwards([directory], ended);
}

/** Every figure with its target and what was measured, in 80 columns: the table of README. */
export function reportTable(measured: readonly Measured[], runs: number): string {
  const rows = measured.map(({ title, atMost, unit, median }) => [
    title,
    `${atMost} ${unit}`,
    `${median.toFixed(unit === "MB" ? 0 : median >= 10 ? 1 : 2)} ${unit}`,
  ]);
  return `${columns([58, 8], [["", "target", "measured"], ...rows])}\n\nmedians of ${runs} runs`;
}

/**
 * Makes a missed target the failure of the command.
 *
 * @throws OperationError naming each figure that misses its target
 */
export function refuseMissed(measured: readonly Measured[]): void {
  const missed = measured.filter(({ median, atMost }) => !(median <= atMost));
  if (!missed.length) return;
  throw new OperationError(
    [
      `${missed.length} of ${measured.length} figures ${missed.length === 1 ? "does" : "do"} not keep the target:`,
      ...missed.map(({ title }) => title),
      "other programs on this machine make it slower: end them and run npm run bench again before looking for the change that did it",
    ].join("\n  "),
  );
}

/** With charts from their repositories: the same work on every machine. */
async function synth({ root, variables }: TimedContext): Promise<number> {
  const started = performance.now();
  const environment = { name: defaultEnvironment };
  await synthesize({ root, environment, variables: { ...variables, CHARTS_DIR: "" } });
  return (performance.now() - started) / 1000;
}

async function up(clone: TimedContext): Promise<number> {
  if (!findPrograms(programsOf(clone.variables))) {
    throw new OperationError("the sandbox's programs are not here yet: npm run up provides them, once");
  }
  await removeSandbox({ directory: sandboxDirectory(clone.root) });
  // The providers, which Terraform keeps in cdktf.out, stay: to get them is part of building.
  for (const name of ["state", "credentials"])
    fs.rmSync(path.join(clone.root, name), { recursive: true, force: true });
  return npm("up")(clone);
}

function npm(name: string): Figure["take"] {
  return (clone) => timedRun(clone, ["npm", "run", name]);
}

/** The resident memory of the sandbox's control plane, in MB: of all its processes but the model server and what holds the model. */
async function controlPlaneMemory({ root }: TimedContext): Promise<number> {
  const processes = await processesOf(sandboxDirectory(root));
  const pids = processes.filter(({ command }) => !isModelServer(command)).map(({ pid }) => pid);
  const { stdout } = await runProgram("ps", ["-o", "rss=", "-p", pids.join(",")]);
  return stdout.split("\n").reduce((kib, size) => kib + Number(size), 0) / 1024;
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

function ownVariables({ root, variables }: TimedContext): NodeJS.ProcessEnv {
  return {
    // What npm tells its scripts names the repository, and npm is run in another one.
    ...Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith("npm_"))),
    ENVIRONMENT: sandboxEnvironment,
    ...(variables.CHARTS_DIR && { CHARTS_DIR: path.resolve(root, variables.CHARTS_DIR) }),
  };
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[samples.length >> 1] ?? NaN;
}
