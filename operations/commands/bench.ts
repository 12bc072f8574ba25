import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { bench } from "../bench/bench";
import { deployedLab } from "../bench/deployed-lab";
import { figures } from "../bench/figures";
import { writeReadme } from "../bench/readme";
import { refuseMissed, reportTable } from "../bench/report";
import { repository } from "../command-line/repository";
import { interruptible } from "../terminal/interruption";
import { liveOutput } from "../terminal/live-output";
import { print } from "../terminal/print";
import { runProgram } from "../terminal/run-program";
import { engineOf } from "../../settings/engine";

/** How often each figure is taken: fewer have no useful median. */
const runs = 5;

export const command = new Command("npm run bench --")
  .description(
    "the figures of the platform, measured anew beside Terraform alone, with as many releases as --sizes says",
  )
  .option("--sizes <numbers>", "how many releases there are, such as 2,20,100", sizesOf, [2, 20])
  .option("--runs <number>", "how often each figure is taken", runsOf, runs)
  .option("--readme", "write them into README.md and docs/figures.svg")
  .action(async ({ sizes, runs, readme }) => {
    const { line, status, rest } = liveOutput(process.stderr);
    const measured = await interruptible(line, (interruption) =>
      bench({
        ...{ root: repository, variables: process.env, runs, sizes, figures, interruption },
        ...{ prepare: deployedLab, say: status },
      }),
    ).finally(rest);
    print(`${reportTable(measured)}\n\nmedians of ${runs} runs`);
    if (readme) {
      const { stdout } = await runProgram(engineOf("terraform", process.env).program, ["version", "-json"]);
      const { terraform_version: terraform } = JSON.parse(stdout) as { terraform_version: string };
      writeReadme(repository, measured, runs, terraform);
    }
    refuseMissed(measured);
  });

function runsOf(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number of at least 1, such as 5");
}

function sizesOf(text: string): number[] {
  const sizes = text.split(",").map(Number);
  if (sizes.every((size) => Number.isInteger(size) && size >= 2)) return sizes;
  throw new InvalidArgumentError("expected numbers of at least 2, separated by commas, such as 2,20");
}
