import type { Command } from "commander";
import { check } from "../secrets/check";
import { type CredentialsContext, deployCredentials } from "../secrets/deploy-credentials";
import { generate } from "../secrets/generate";
import { loadEnvironment } from "../../applications/load-environment";
import { set } from "../secrets/set";
import { askHidden, confirm, confirmName } from "../terminal/confirm";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";

interface RotateOptions {
  readonly yes?: boolean;
  readonly deploy: boolean;
  readonly loseStoredKeys?: string | true;
}

export const command = environmentCommand("secrets", "the credentials of an environment");

function context(action: Command): CredentialsContext {
  const { environment } = action.optsWithGlobals<{ environment: string }>();
  return {
    root: repository,
    environment: loadEnvironment(repository, environment, process.env),
    variables: process.env,
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

command
  .command("generate")
  .description("make those that are not there yet, where the environment keeps them")
  .action((_options, action: Command) => generate(context(action), print));

command
  .command("check")
  .description("whether they are complete and well-formed; shows no value")
  .action((_options, action: Command) => check(context(action), print));

command
  .command("revision")
  .description("their fingerprints, which tell Terraform of a change: for bare cdktf deploy")
  .action(async (_options, action: Command) =>
    print(JSON.stringify((await deployCredentials(context(action))).revisions)),
  );

command
  .command("set")
  .description(
    "store a value that somebody else gave, such as an API key: asks for it, or reads it from standard input",
  )
  .argument("[name]", "which credential, such as OPENAI_API_KEY")
  .action((name: string | undefined, _options, action: Command) =>
    set(
      context(action),
      name,
      (question) => askHidden(question, { input: process.stdin, output: process.stdout }),
      print,
    ),
  );

command
  .command("rotate")
  .description("replace one by a new value, where they are kept and in the cluster")
  .argument("[name]", "which credential, such as JWT_SECRET")
  .option("-y, --yes", "do not ask; it does not stand for --lose-stored-keys")
  .option("--no-deploy", "store the new value, and do not roll it out")
  .option(
    "--lose-stored-keys [name]",
    "replace a credential that encrypts, so that what it encrypted is lost: asks for its name, unless it is given here",
  )
  .action(async (name: string | undefined, options: RotateOptions, action: Command) => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the Kubernetes client takes half a second to load, for which the other sub-commands need not wait
    const { rotate } = require("../deploy/rotate") as typeof import("../deploy/rotate");
    const streams = { input: process.stdin, output: process.stdout };
    const { yes, deploy, loseStoredKeys } = options;
    const given = loseStoredKeys === true ? undefined : loseStoredKeys;
    await rotate(
      {
        ...context(action),
        variables: process.env,
        print,
        deploy,
        ask: (question) => confirm(question, { yes, ...streams }),
        askForName: (question, key) =>
          confirmName(question, {
            name: key,
            what: "the credential's name",
            given,
            option: "--lose-stored-keys",
            ...streams,
          }),
      },
      name,
    );
  });
