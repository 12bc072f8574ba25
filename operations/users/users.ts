import type { NewUser, User } from "../../applications/users";
import { OperationError } from "../errors/operation-error";
import { columns } from "../terminal/columns";
import { interruptible } from "../terminal/interruption";
import type { ReleaseWithUsers } from "./users-of";

/** Asks for a password, or reads it. */
export type AskPassword = (question: string) => Promise<string>;

/** Makes somebody who may log in. @param print takes one line */
export async function create(
  { name, users, run }: ReleaseWithUsers,
  user: NewUser,
  ask: AskPassword,
  print: (line: string) => void,
): Promise<void> {
  users.check(user);
  const password = await ask(`password of ${user.email}`);
  users.checkPassword(password);
  await interruptible(print, () => users.create(run, user, password));
  print(`${user.email} may log in to ${name}`);
}

/** Gives somebody another password. @param print takes one line */
export async function resetPassword(
  { name, users, run }: ReleaseWithUsers,
  email: string,
  ask: AskPassword,
  print: (line: string) => void,
): Promise<void> {
  checkAddress(email);
  const password = await ask(`new password of ${email}`);
  users.checkPassword(password);
  await interruptible(print, () => users.resetPassword(run, email, password));
  print(`${email} has a new password in ${name}, and must log in with it everywhere`);
}

/** Deletes somebody, with all that is theirs, once the question was answered with yes. @param print takes one line */
export async function deleteUser(
  { name, users, run }: ReleaseWithUsers,
  email: string,
  ask: (question: string) => Promise<void>,
  print: (line: string) => void,
): Promise<void> {
  checkAddress(email);
  await ask(`delete ${email} of ${name}, with all conversations and files?`);
  // Not between somebody and what they uploaded.
  await interruptible(print, () => users.delete(run, email));
  print(`${email} is deleted from ${name}, with all conversations and files`);
}

/** Before anything is asked about somebody who cannot be there. */
function checkAddress(email: string): void {
  if (/^\S+@\S+$/.test(email)) return;
  throw new OperationError(
    `found ${JSON.stringify(email)}, expected the address of a user, such as anna@example.com: nothing was changed`,
  );
}

/** Those who may log in. @param json for programs, and not for people @param write takes text with its line breaks */
export async function list(
  { users, run }: ReleaseWithUsers,
  json: boolean | undefined,
  write: (text: string) => void,
): Promise<void> {
  const found = await users.list(run);
  write(json ? `${JSON.stringify(found, null, 2)}\n` : usersTable(found));
}

/** Those who may log in, for people. */
export function usersTable(users: readonly User[]): string {
  if (!users.length) return "nobody yet: who registers first becomes its administrator\n";
  const rows = users.map(({ email, name = "", username = "", provider, created }) => [
    email,
    username ? `${name} (${username})` : name,
    provider,
    created.slice(0, 10),
  ]);
  return `${columns([30, 24, 8], rows)}\n`;
}
