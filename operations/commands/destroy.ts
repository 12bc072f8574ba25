import { destroy } from "../deploy/destroy";
import { confirm, confirmName } from "../terminal/confirm";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";

interface DestroyOptions {
  readonly environment: string;
  readonly yes?: boolean;
  readonly deleteData?: string | true;
}

export const command = environmentCommand("destroy", "both stacks, the releases first; data is kept")
  .option("-y, --yes", "do not ask; it does not stand for --delete-data's answer")
  .option(
    "--delete-data [name]",
    "delete models, conversations and uploads too: asks for the environment's name, unless it is given here",
  )
  .addHelpText(
    "after",
    "\nAn environment whose storage.onDestroy is delete loses its data without --delete-data.",
  )
  .action(async ({ environment, yes, deleteData }: DestroyOptions) => {
    const streams = { input: process.stdin, output: process.stdout };
    const given = deleteData === true ? undefined : deleteData;
    await destroy({
      root: repository,
      environment,
      variables: process.env,
      deleteData: deleteData !== undefined,
      print: (line) => process.stdout.write(`${line}\n`),
      ask: (question) => confirm(question, { yes, ...streams }),
      askForName: (question, name) =>
        confirmName(question, { name, given, option: "--delete-data", ...streams }),
    });
  });
