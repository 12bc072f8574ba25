import { restore } from "../backup/restore";
import { contextOf, environmentCommand } from "../command-line/environment-option";
import { asking, confirmName, streams } from "../terminal/confirm";
import { goOnUnheard } from "../terminal/interruption";
import { liveOutput } from "../terminal/live-output";

export const command = environmentCommand(
  "restore",
  "what a file of npm run backup holds, in the place of what is there",
)
  .argument(
    "<file>",
    "checked to its end before anything is touched; encrypted, with the key that sops would use",
  )
  .option("-y, --yes", "do not ask, where the platform is empty")
  .option("--replace-data <name>", "the answer to both questions where it is not: the environment's name")
  .option("-r, --release <name>", "whose data, where several releases have backups")
  .action(async (file, { environment, yes, replaceData, release }) => {
    goOnUnheard();
    const { rest, ...progress } = liveOutput(process.stdout);
    const resting = <Result>(work: () => Promise<Result>): Promise<Result> => {
      rest();
      return work();
    };
    await restore({
      ...contextOf(environment),
      ...{ file, progress },
      named: release,
      ask: (question) => resting(() => asking(yes)(question)),
      askForName: (question, name) =>
        resting(() =>
          confirmName(question, { name, given: replaceData, option: "--replace-data", ...streams }),
        ),
    }).finally(rest);
  });
