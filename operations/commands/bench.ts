import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import * as os from "node:os";
import { bench, refuseMissed, reportTable } from "../bench/bench";
import { repository } from "../command-line/repository";
import { liveOutput } from "../terminal/live-output";
import { interruptible } from "../terraform/interruption";

export const command = new Command("npm run bench --")
  .description("the figures of the platform, measured anew beside what people would use instead")
  .option("--runs <number>", "how often each command is run", atLeastFive, 5)
  .option("--json", "answer in JSON, with every sample", false)
  .showHelpAfterError("(--help shows what there is)")
  .action(async ({ runs, json }) => {
    const { line, status, rest } = liveOutput(process.stderr);
    const figures = await interruptible(line, (interruption) =>
      bench({ root: repository, variables: process.env, runs, say: status, interruption }),
    ).finally(rest);
    const machine = {
      runs,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      cpus: os.cpus().length,
    };
    process.stdout.write(
      `${json ? JSON.stringify({ ...machine, figures }, null, 2) : reportTable(figures, runs)}\n`,
    );
    refuseMissed(figures);
  });

function atLeastFive(text: string): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs >= 5) return runs;
  throw new InvalidArgumentError("expected a whole number of at least 5: fewer runs have no useful median");
}
