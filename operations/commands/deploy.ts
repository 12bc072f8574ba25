import { loadSettings } from "../../applications/load-settings";
import { deploy } from "../deploy/deploy";
import { duration } from "../terminal/duration";
import { goOnUnheard } from "../terminal/interruption";
import { liveOutput } from "../terminal/live-output";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";
import { asking } from "../terminal/confirm";

export const command = environmentCommand(
  "deploy",
  "both stacks, in order: plans, asks, and applies what was planned",
)
  .option("-y, --yes", "do not ask")
  .option("--wait [duration]", "wait for somebody else who deploys, 30m at most unless said otherwise")
  .option("--reviewed <file>", "refuse what is not the plan in this file of npm run diff -- --review FILE")
  .addHelpText(
    "after",
    "\nCtrl-C is passed on once to what applies, and waited for. exit code: 0 done or nothing to do, 1 failed or stopped",
  )
  .action(({ environment, yes, wait, reviewed }) => {
    goOnUnheard();
    return deploy({
      settings: loadSettings(repository, { ...process.env, ENVIRONMENT: environment }),
      variables: process.env,
      output: liveOutput(process.stdout),
      ...(!yes && { ask: asking(false) }),
      waitMs: wait === undefined ? 0 : duration(wait === true ? "30m" : wait, "--wait"),
      reviewed,
    });
  });
