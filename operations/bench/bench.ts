import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { InterruptedError } from "../errors/interrupted-error";
import { removeSandbox } from "../sandbox/sandbox";
import { sandboxDirectory, sandboxEnvironment } from "../sandbox/sandbox-environment";
import { removeAfterwards } from "../terminal/remove-afterwards";
import { type Figure, type Side, sides } from "./figure";
import type { Lab } from "./lab";
import type { MeasuredContext } from "./measured-run";

/** The median of a figure at one size, of one side. */
export interface Measured extends Pick<Figure, "title" | "unit"> {
  /** How many releases there were. */
  readonly size: number;
  readonly side: Side;
  readonly median: number;
  /** The largest median that keeps the promise. @default - none is made */
  readonly goal?: number;
}

export interface BenchContext extends MeasuredContext {
  /** How often each figure is taken. */
  readonly runs: number;
  /** How many releases there are, each time. */
  readonly sizes: readonly number[];
  readonly figures: readonly Figure[];
  /** Makes the copy of the repository, at the root that is given, one with so many releases that are deployed. */
  readonly prepare: (context: MeasuredContext, size: number) => Promise<Lab>;
  /** Takes what is going on, a line at a time. */
  readonly say: (line: string) => void;
}

/**
 * Takes every figure anew, of all sides in turns, so that whatever else the machine is doing slows all alike: at each size in a
 * copy of the repository with a sandbox of its own, which is removed whatever happens.
 *
 * @throws InterruptedError when somebody wanted to have it end
 */
export async function bench(context: BenchContext): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const size of context.sizes) measured.push(...(await atSize(context, size)));
  return measured;
}

function atSize(context: BenchContext, size: number): Promise<Measured[]> {
  // The real path: on some machines the directory for temporary files is a link.
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-bench-")));
  const root = path.join(directory, "clone");
  const work = async (): Promise<Measured[]> => {
    try {
      copyRepository(context.root, root);
      context.say(`${size} releases: preparing`);
      const lab = await context.prepare({ ...context, root, variables: ownVariables(context) }, size);
      return await inTurns(context, lab);
    } catch (error) {
      if (context.interruption.signal.aborted) throw new InterruptedError("stopped: nothing is left running");
      throw error;
    } finally {
      await removeSandbox({ directory: sandboxDirectory(root) });
    }
  };
  return removeAfterwards([directory], work);
}

async function inTurns({ runs, figures, say }: BenchContext, lab: Lab): Promise<Measured[]> {
  const samples = new Map<string, number[]>();
  const key = (side: Side, title: string): string => `${side} ${title}`;
  // The first round is not counted: it fills caches.
  for (let round = 0; round <= runs; round++) {
    for (const { title, take, atMostRuns = runs } of figures) {
      // What is taken once needs no warming up.
      if (round > atMostRuns || (round === 0 && atMostRuns < runs)) continue;
      for (const side of sides.filter((one) => take[one])) {
        say(`${lab.size} releases: ${title}`);
        const value = await take[side]?.(lab);
        const found = samples.get(key(side, title)) ?? [];
        if (value !== undefined && round > 0) samples.set(key(side, title), [...found, value]);
      }
    }
  }
  const medianOf = (side: Side, title: string): number | undefined => median(samples.get(key(side, title)));
  return figures.flatMap(({ title, unit, goal }) =>
    sides.flatMap((side): Measured[] => {
      const value = medianOf(side, title);
      if (value === undefined) return [];
      const promised =
        side === "platform" ? goal?.(lab.size, (of, which = title) => medianOf(of, which)) : undefined;
      return [
        {
          title,
          unit,
          size: lab.size,
          side,
          median: value,
          ...(promised !== undefined && { goal: promised }),
        },
      ];
    }),
  );
}

function median(samples: readonly number[] = []): number | undefined {
  return [...samples].sort((a, b) => a - b)[samples.length >> 1];
}

/** What git would not ignore, and the installed packages by a link: a fresh clone in which `npm run` has nothing to install. */
export function copyRepository(root: string, directory: string): void {
  const ignored = /^(node_modules|\.git|cdktf\.out|\.sandbox|credentials|backups|state)$/;
  fs.cpSync(root, directory, {
    preserveTimestamps: true,
    recursive: true,
    filter: (file) => !ignored.test(path.relative(root, file)),
  });
  fs.symlinkSync(fs.realpathSync(path.join(root, "node_modules")), path.join(directory, "node_modules"));
}

function ownVariables({ root, variables }: MeasuredContext): NodeJS.ProcessEnv {
  return {
    // What npm tells its scripts names the repository, and npm is run in another one.
    ...Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith("npm_"))),
    ENVIRONMENT: sandboxEnvironment,
    ...(variables.CHARTS_DIR && { CHARTS_DIR: path.resolve(root, variables.CHARTS_DIR) }),
  };
}
