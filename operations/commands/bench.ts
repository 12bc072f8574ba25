import { Command } from "@commander-js/extra-typings";
import { bench, refuseMissed, reportTable } from "../bench/bench";
import { repository } from "../command-line/repository";
import { print } from "../terminal/print";
import { liveOutput } from "../terminal/live-output";
import { interruptible } from "../terminal/interruption";

/** How often each figure is taken: fewer have no useful median. */
const runs = 5;

export const command = new Command("npm run bench --")
  .description("the figures of the platform, measured anew")
  .action(async () => {
    const { line, status, rest } = liveOutput(process.stderr);
    const measured = await interruptible(line, (interruption) =>
      bench({ root: repository, variables: process.env, runs, say: status, interruption }),
    ).finally(rest);
    print(reportTable(measured, runs));
    refuseMissed(measured);
  });
