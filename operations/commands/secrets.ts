import { OperationError } from "../errors/operation-error";
import { generateCredentials } from "../secrets/find-credentials";
import { credentials, credentialsNamespace } from "../../settings/credentials";
import { secretNameOf } from "../../settings/credentials-source";
import { loadEnvironment } from "../../settings/load-environment";
import { confirm } from "../terminal/confirm";
import { confirmName } from "../terminal/confirm-name";
import { type CredentialsContext, deployCredentials } from "../secrets/deploy-credentials";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";
import { rotate } from "../deploy/rotate";

interface SecretsContext extends CredentialsContext {
  readonly print: (line: string) => void;
}

/** Makes credentials where the environment keeps them: in an ignored file, or in one that sops encrypts. */
export function generate({ root, environment, variables, print }: SecretsContext): void {
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

/** Says where the credentials come from and which are missing or malformed, and shows no value. */
export async function check(context: SecretsContext): Promise<void> {
  const { source, checked, notes } = await deployCredentials(context);
  context.print(
    checked
      ? `${credentials.length} credentials, complete and well-formed, from ${source}`
      : `not checked: ${source}`,
  );
  for (const note of notes) context.print(note);
}

/** Prints the number that tells Terraform of a changed credential, for bare `cdktf deploy`. */
export async function revision(context: SecretsContext): Promise<void> {
  context.print(String((await deployCredentials(context)).revision));
}

interface SecretsOptions {
  readonly environment: string;
  readonly yes?: boolean;
  readonly deploy: boolean;
  readonly loseStoredKeys?: string | true;
}

async function rotateOne(context: SecretsContext, name: string | undefined, options: SecretsOptions) {
  const streams = { input: process.stdin, output: process.stdout };
  const { loseStoredKeys: given } = options;
  await rotate(
    {
      ...context,
      variables: process.env,
      deploy: options.deploy,
      ask: (question) => confirm(question, { yes: options.yes, ...streams }),
      askForName: (question, key) =>
        confirmName(question, {
          name: key,
          what: "the credential's name",
          given: given === true ? undefined : given,
          option: "--lose-stored-keys",
          ...streams,
        }),
    },
    name,
  );
}

const actions = { generate, check, revision, rotate: rotateOne };

export const command = environmentCommand("secrets", "the credentials of an environment")
  .argument("<action>", Object.keys(actions).join(", "))
  .argument("[name]", "rotate: which credential, such as JWT_SECRET")
  .option("-y, --yes", "rotate: do not ask; it does not stand for --lose-stored-keys")
  .option("--no-deploy", "rotate: store the new value, and do not roll it out")
  .option(
    "--lose-stored-keys [name]",
    "rotate CREDS_KEY or CREDS_IV, so that what they encrypted is lost: asks for the credential's name, unless it is given here",
  )
  .action(async (action: string, name: string | undefined, options: SecretsOptions) => {
    const run = Object.entries(actions).find(([known]) => known === action)?.[1];
    if (!run) {
      throw new OperationError(
        `secrets: found "${action}" (allowed: ${Object.keys(actions).join(", ")}), as in: npm run secrets -- check`,
      );
    }
    const context = {
      root: repository,
      environment: loadEnvironment(repository, options.environment, process.env),
      variables: process.env,
      print: (line: string) => void process.stdout.write(`${line}\n`),
    };
    await run(context, name, options);
  });
