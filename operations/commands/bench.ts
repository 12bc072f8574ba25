import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { bench, refuseMissed, reportTable } from "../bench/bench";
import { repository } from "../command-line/repository";
import { print } from "../terminal/print";
import { liveOutput } from "../terminal/live-output";
import { interruptible } from "../terminal/interruption";

export const command = new Command("npm run bench --")
  .description("the figures of the platform, measured anew")
  .option("--runs <number>", "how often each is taken", atLeastFive, 5)
  .showHelpAfterError("(--help shows what there is)")
  .action(async ({ runs }) => {
    const { line, status, rest } = liveOutput(process.stderr);
    const measured = await interruptible(line, (interruption) =>
      bench({ root: repository, variables: process.env, runs, say: status, interruption }),
    ).finally(rest);
    print(reportTable(measured, runs));
    refuseMissed(measured);
  });

function atLeastFive(text: string): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs >= 5) return runs;
  throw new InvalidArgumentError("expected a whole number of at least 5: fewer runs have no useful median");
}
