import { contextOf, environmentCommand } from "../command-line/environment-option";
import { goOnUnheard } from "../terminal/interruption";
import { askNewPassword, asking, streams } from "../terminal/confirm";
import { print, write } from "../terminal/print";
import { create, deleteUser, list, resetPassword } from "../users/users";
import { usersOf } from "../users/users-of";

export const command = environmentCommand(
  "users",
  "who may log in, kept by the application's own programs in its pod",
).option("-r, --release <name>", "whose users, where several releases have some");

function release() {
  const { environment: name, release } = command.opts();
  const { root, environment } = contextOf(name);
  return usersOf(root, environment, release);
}

const ask = (question: string): Promise<string> => askNewPassword(question, streams);

command
  .command("create")
  .description("make one: asks for the password, or reads it from standard input")
  .argument("<email>", "such as anna@example.com")
  .option("--name <name>", "the full name (default: what stands before the @)")
  .option("--username <name>", "the user name (default: none)")
  .action((email, { name, username }) => {
    goOnUnheard();
    return create(release(), { email, name, username }, ask, print);
  });

command
  .command("list")
  .description("those that there are")
  .option("--json", "answer in JSON")
  .action(({ json }) => list(release(), json, write));

command
  .command("reset-password")
  .description("give one another password: asks for it, or reads it from standard input")
  .argument("<email>")
  .action((email) => {
    goOnUnheard();
    return resetPassword(release(), email, ask, print);
  });

command
  .command("delete")
  .description("delete one with all conversations and files")
  .argument("<email>")
  .option("-y, --yes", "do not ask")
  .action((email, { yes }) => {
    goOnUnheard();
    return deleteUser(release(), email, asking(yes), print);
  });
