import { backup } from "../backup/backup";
import { contextOf, environmentCommand } from "../command-line/environment-option";
import { goOnUnheard } from "../terminal/interruption";
import { liveOutput } from "../terminal/live-output";

export const command = environmentCommand(
  "backup",
  "users, conversations, uploads and images in one file, checked on the way",
)
  .option("--to <file>", "a new file (default: backups/ENVIRONMENT-RELEASE-TIME.tar)")
  .option(
    "--recipient <key...>",
    "encrypt it for whoever has the key of age to this public key, such as age1… (default: as the environment says)",
  )
  .option("--scheduled [name]", "fetch one that the schedule made (default: the newest)")
  .option("-r, --release <name>", "whose data, where several releases have backups")
  .action(async ({ environment: name, to, recipient, scheduled, release }) => {
    goOnUnheard();
    const { rest, ...progress } = liveOutput(process.stdout);
    await backup({
      ...contextOf(name),
      ...{ to, progress },
      named: release,
      recipients: recipient,
      scheduled: scheduled === true ? "newest" : scheduled,
    }).finally(rest);
  });
