import { credentialFaults } from "../settings/credentials";
import { loadEnvironment } from "../settings/load-environment";
import {
  completeCredentials,
  credentialsFile,
  findCredentials,
  generateCredentials,
} from "../secrets/credentials-file";
import { credentialsFingerprint } from "../secrets/fingerprint";
import { environmentCommand } from "./environment-option";
import { OperationError } from "../errors/operation-error";
import { repository } from "./repository";

interface SecretsContext {
  readonly root: string;
  readonly environment: string;
  /** The process's environment. */
  readonly variables: { readonly [name: string]: string | undefined };
  readonly print: (line: string) => void;
}

/** Makes credentials in an ignored file. */
export function generate({ root, environment, print }: SecretsContext): void {
  generateCredentials(root, environment);
  print(
    `made credentials/${environment}.env (mode 600): npm run deploy -- --environment ${environment} uses it`,
  );
}

/** Says which credentials are missing or malformed, and shows no value. */
export function check(context: SecretsContext): void {
  const { values, source } = wellFormed(context);
  context.print(`${Object.keys(values).length} credentials, complete and well-formed, from ${source}`);
}

/** Prints the number that tells Terraform of a changed credential, for bare `cdktf deploy`. */
export function revision(context: SecretsContext): void {
  context.print(String(credentialsFingerprint(wellFormed(context).values, context.environment)));
}

/**
 * The credentials of an environment.
 *
 * @throws OperationError naming what is missing or malformed
 */
export function wellFormed({ root, environment, variables }: Omit<SecretsContext, "print">) {
  const found = findCredentials(root, environment, variables);
  const faults = credentialFaults(found.values);
  if (faults.length) {
    const advice =
      found.source === "nowhere"
        ? `make them with: npm run secrets -- generate --environment ${environment}, or set TF_VAR_jwt_secret and the others`
        : `correct them in ${found.source}`;
    throw new OperationError(
      [
        `credentials of ${environment} (looked in TF_VAR_… and ${credentialsFile(environment)}):`,
        ...faults,
        advice,
      ].join("\n  "),
    );
  }
  return { values: completeCredentials(found), source: found.source };
}

const actions = { generate, check, revision };

export const command = environmentCommand("secrets", "the credentials of an environment, in an ignored file")
  .argument("<action>", "generate, check or revision")
  .action((action: string, { environment }: { environment: string }) => {
    const run = (actions as { [name: string]: ((context: SecretsContext) => void) | undefined })[action];
    if (!run) {
      throw new OperationError(
        `secrets: found "${action}" (allowed: ${Object.keys(actions).join(", ")}), as in: npm run secrets -- check`,
      );
    }
    loadEnvironment(repository, environment);
    run({
      root: repository,
      environment,
      variables: process.env,
      print: (line) => process.stdout.write(`${line}\n`),
    });
  });
