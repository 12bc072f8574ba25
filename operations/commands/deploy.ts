import { loadSettings } from "../../applications/load-settings";
import { deploy } from "../deploy/deploy";
import { confirm } from "../terminal/confirm";
import { duration } from "../terminal/duration";
import { liveOutput } from "../terminal/live-output";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";

interface DeployOptions {
  readonly environment: string;
  readonly yes?: boolean;
  readonly wait?: string | true;
  readonly reviewed?: string;
}

export const command = environmentCommand(
  "deploy",
  "both stacks, in order: plans, asks, and applies what was planned",
)
  .option("-y, --yes", "do not ask")
  .option("--wait [duration]", "wait for somebody else who deploys, 30m at most unless said otherwise")
  .option("--reviewed <file>", "refuse what is not the plan in this file of npm run diff -- --review FILE")
  .addHelpText(
    "after",
    "\nCtrl-C is passed on once to Terraform and waited for. exit code: 0 done or nothing to do, 1 failed or stopped",
  )
  .action(async ({ environment, yes, wait, reviewed }: DeployOptions) => {
    const settings = loadSettings(repository, { ...process.env, ENVIRONMENT: environment });
    await deploy({
      settings,
      variables: process.env,
      output: liveOutput(process.stdout),
      ask: (question) => confirm(question, { yes, input: process.stdin, output: process.stdout }),
      waitMs: wait === undefined ? 0 : duration(wait === true ? "30m" : wait, "--wait"),
      reviewed,
    });
  });
