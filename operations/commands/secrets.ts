import { check } from "../secrets/check";
import { deployCredentials } from "../secrets/deploy-credentials";
import { generate } from "../secrets/generate";
import { set } from "../secrets/set";
import { askHidden, asking, confirmName, streams } from "../terminal/confirm";
import { goOnUnheard } from "../terminal/interruption";
import { contextOf, environmentCommand } from "../command-line/environment-option";
import { print } from "../terminal/print";

export const command = environmentCommand("secrets", "the credentials of an environment");

function context() {
  return contextOf(command.opts().environment);
}

command
  .command("generate")
  .description("make those that are not there yet, where the environment keeps them")
  .action(() => {
    goOnUnheard();
    return generate(context(), print);
  });

command
  .command("check")
  .description("whether they are complete and well-formed; shows no value")
  .action(() => check(context(), print));

command
  .command("revision")
  .description("their fingerprints, which tell a plan of a change: for bare cdktf deploy")
  .action(async () => print(JSON.stringify((await deployCredentials(context())).revisions)));

command
  .command("set")
  .description(
    "store a value that somebody else gave, such as an API key: asks for it, or reads it from standard input",
  )
  .argument("[name]", "which credential, such as OPENAI_API_KEY")
  .action((name) => {
    goOnUnheard();
    return set(context(), name, (question) => askHidden(question, streams), print);
  });

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
  .action(async (name, { yes, deploy, loseStoredKeys }) => {
    goOnUnheard();
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the Kubernetes client takes half a second to load, for which the other sub-commands need not wait
    const { rotate } = require("../deploy/rotate") as typeof import("../deploy/rotate");
    const given = loseStoredKeys === true ? undefined : loseStoredKeys;
    await rotate(
      {
        ...context(),
        print,
        deploy,
        ...(!yes && { ask: asking(false) }),
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
