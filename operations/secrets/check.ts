import { credentialsOf } from "../../applications/credentials";
import { type CredentialsContext, deployCredentials } from "./deploy-credentials";

/**
 * Says where the credentials come from and which are missing or malformed, and shows no value.
 *
 * @param print takes one line
 * @throws OperationError naming what is missing or malformed
 */
export async function check(context: CredentialsContext, print: (line: string) => void): Promise<void> {
  const { length } = credentialsOf(context.environment);
  if (length === 0) return print(`${context.environment.name} has no credentials`);
  const { source, checked, notes } = await deployCredentials(context);
  print(
    checked ? `${length} credentials, complete and well-formed, from ${source}` : `not checked: ${source}`,
  );
  for (const note of notes) print(note);
}
