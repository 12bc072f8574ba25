import { destroy } from "../deploy/destroy";
import { asking, confirmName, streams } from "../terminal/confirm";
import { goOnUnheard } from "../terminal/interruption";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";
import { print } from "../terminal/print";

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
  .action(({ environment, yes, deleteData }) => {
    goOnUnheard();
    const given = deleteData === true ? undefined : deleteData;
    return destroy({
      root: repository,
      environment,
      variables: process.env,
      deleteData: deleteData !== undefined,
      print,
      ask: asking(yes),
      askForName: (question, name) =>
        confirmName(question, { name, given, option: "--delete-data", ...streams }),
    });
  });
