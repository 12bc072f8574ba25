import { credentialName } from "../../settings/credentials";
import { OperationError } from "../errors/operation-error";
import type { CredentialsContext } from "./deploy-credentials";
import { managedElsewhere } from "./credentials-store";
import { generateCredentials } from "./find-credentials";

/**
 * Makes the credentials that are not there yet, where the environment keeps them: in an ignored file, or in one that sops
 * encrypts.
 *
 * @param print takes one line
 * @throws OperationError where somebody else fills the Secrets
 */
export function generate(
  { root, environment, variables }: CredentialsContext,
  print: (line: string) => void,
): void {
  const generated = generateCredentials(root, environment, variables);
  if (!generated) throw new OperationError(`${managedElsewhere(environment)}: nothing was made`);
  const { file, made, notGiven } = generated;
  const how = environment.credentials.source === "sops" ? "encrypted by sops: commit it" : "mode 600";
  const option = environment.name;
  print(
    made.length > 0
      ? `made ${made.map(credentialName).join(", ")} in ${file} (${how}): npm run deploy -- --environment ${option} uses them`
      : `nothing to make: ${file} has every credential that is made here; npm run secrets -- rotate NAME replaces one`,
  );
  for (const name of notGiven.map(credentialName)) {
    print(
      `${name}: whoever runs its service gives it: npm run secrets -- set ${name} --environment ${option}`,
    );
  }
}
