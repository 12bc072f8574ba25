import { OperationError } from "../errors/operation-error";
import { credentialsNamespace } from "../../settings/credentials";
import { secretNameOf } from "../../settings/credentials-source";
import type { CredentialsContext } from "./deploy-credentials";
import { generateCredentials } from "./find-credentials";

/**
 * Makes credentials where the environment keeps them: in an ignored file, or in one that sops encrypts.
 *
 * @param print takes one line
 * @throws OperationError where somebody else fills the Secret
 */
export function generate(
  { root, environment, variables }: CredentialsContext,
  print: (line: string) => void,
): void {
  const file = generateCredentials(root, environment, variables);
  if (!file) {
    throw new OperationError(
      `the Secret ${credentialsNamespace}/${secretNameOf(environment.credentials)} is somebody else's to fill: ` +
        `credentials.source in environments/${environment.name}.yaml is secret`,
    );
  }
  const how = environment.credentials.source === "sops" ? "encrypted by sops: commit it" : "mode 600";
  print(`made ${file} (${how}): npm run deploy -- --environment ${environment.name} uses it`);
}
