import { Command, InvalidArgumentError } from "commander";
import ora from "ora";
import * as os from "node:os";
import type { BenchContext } from "../bench/context";
import { type FigureId, figures, type Outcome } from "../bench/figure";
import { type Judgement, judge } from "../bench/judge";
import { type Measurement, measurements } from "../bench/measurements";
import { reportJson, reportTable } from "../bench/report";
import { OperationError } from "../errors/operation-error";
import { repository } from "../command-line/repository";

/** What `npm run bench` takes. */
export interface BenchProps extends BenchContext {
  /** What is measured. Default: everything */
  readonly measurements?: readonly Measurement[];
}

/**
 * Measures every figure anew and holds it against its target.
 *
 * What goes wrong in one measurement is a verdict of its figures: the others are still measured.
 *
 * @returns one judgement a figure
 * @throws OperationError when somebody wanted to have it end
 */
export async function bench({
  measurements: wanted = measurements,
  ...context
}: BenchProps): Promise<readonly Judgement[]> {
  const outcomes = new Map<FigureId, Outcome>();
  for (const { figures: ids, measure } of wanted) {
    try {
      const found = await measure(context);
      for (const id of ids)
        outcomes.set(id, found[id] ?? { failed: "the measurement said nothing about it" });
    } catch (error) {
      if (context.signal.aborted) throw new OperationError("stopped: nothing is left running");
      if (!(error instanceof OperationError)) throw error;
      for (const id of ids) outcomes.set(id, { failed: error.message });
    }
  }
  return figures.flatMap((figure) => {
    const outcome = outcomes.get(figure.id);
    return outcome ? [judge(figure, outcome)] : [];
  });
}

/**
 * Makes a missed target the failure of the command.
 *
 * @throws OperationError naming each figure that misses its target or could not be measured though everything was there
 */
export function refuseMissed(judgements: readonly Judgement[]): void {
  const bad = judgements.filter(({ verdict }) => verdict === "missed" || verdict === "failed");
  if (!bad.length) return;
  throw new OperationError(
    [
      `${bad.length} of ${judgements.length} figures ${bad.length === 1 ? "does" : "do"} not keep the target:`,
      ...bad.map(({ figure, verdict }) => `${figure.title}: ${verdict}`),
      "other programs on this machine make it slower: end them and run npm run bench again before looking for the change that did it",
    ].join("\n  "),
  );
}

export const command = new Command("npm run bench --")
  .description("the figures of the platform, measured anew beside what people would use instead")
  .option("--runs <number>", "how often each command is run", atLeastFive, 5)
  .option("--json", "answer in JSON, with every sample", false)
  .showHelpAfterError("(--help shows what there is)")
  .action(async ({ runs, json }: { runs: number; json: boolean }) => {
    const stop = new AbortController();
    // Whatever was started is taken down before the process ends.
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => stop.abort());
    const spinner = ora({ stream: process.stderr });
    try {
      const judgements = await bench({
        root: repository,
        variables: process.env,
        runs,
        signal: stop.signal,
        say: (line) => void spinner.start(line),
      });
      spinner.stop();
      const machine = {
        runs,
        node: process.versions.node,
        platform: `${process.platform}-${process.arch}`,
        cpus: os.cpus().length,
      };
      process.stdout.write(`${json ? reportJson(judgements, machine) : reportTable(judgements, runs)}\n`);
      refuseMissed(judgements);
    } finally {
      spinner.stop();
    }
  });

function atLeastFive(text: string): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs >= 5) return runs;
  throw new InvalidArgumentError("expected a whole number of at least 5: fewer runs have no useful median");
}
