import * as fs from "node:fs";
import * as path from "node:path";
import type { Environment } from "../../settings/environment";
import { engineOf } from "../../settings/engine";
import { credentialsRevision } from "../../settings/credentials";
import { warningsFile } from "../../settings/warnings-file";
import { OperationError } from "../errors/operation-error";
import { quoted } from "../secrets/credentials-file";
import { credentialsStore } from "../secrets/credentials-store";
import { type CdktfContext, type Revisions, stacks, synthesize } from "../terraform/cdktf";
import { deployCredentials } from "../secrets/deploy-credentials";
import { deployedRevisions } from "../terraform/credentials-for-plan";
import { terraform } from "../terraform/terraform";
import { removeAfterwards } from "../terminal/remove-afterwards";
import { withTemporaryDirectory } from "../terminal/temporary-directory";
import { assignmentsText, type Body } from "./hcl";
import { type ProviderBlocks, providerBlocks } from "./provider-blocks";
import type { StackConfiguration } from "./stack-configuration";
import { stackFiles } from "./stack-files";
import { withPlainNames } from "./plain-names";
import { withoutThisProgram } from "./without-this-program";

export interface EjectProps {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Environment;
  /** The process's environment. */
  readonly variables: NodeJS.ProcessEnv;
  /** Terraform's own language, for people, or its JSON. */
  readonly form: "hcl" | "json";
  /** Whether names of resources lose the hashes that CDKTF put there: their addresses in the state move. @default false */
  readonly plainNames?: boolean;
  /** Where to write, absolute: is made where it is not there, and must be empty. */
  readonly directory: string;
  /** Takes one line. */
  readonly print: (line: string) => void;
}

/**
 * Writes both stacks of an environment for Terraform alone, a directory each, on the state that they have: a plan of them has
 * nothing to do where the deployed platform has nothing to do.
 *
 * @throws SettingsError where they do not synthesize, OperationError where the directory holds something
 */
export async function eject(props: EjectProps): Promise<void> {
  const { root, environment, variables, form, plainNames, directory, print } = props;
  refuseUsed(directory);
  const here = { root, environment, variables };
  await synthesize(here);
  const revisions = await revisionsNow(props, here);
  const there = { ...here, output: directory };
  await withTemporaryDirectory(async (made) => {
    // Where it is written decides what paths it has in it.
    await removeAfterwards(
      ["stacks", "manifest.json", "synthesis.json", warningsFile].map((name) => path.join(directory, name)),
      async () => {
        await synthesize(there);
        fs.cpSync(path.join(directory, "stacks"), path.join(made, "stacks"), { recursive: true });
      },
    );
    const configurations = stacks.map((stack): [string, StackConfiguration] => {
      const file = path.join(made, "stacks", stack, "cdk.tf.json");
      const text = fs.readFileSync(file, "utf8");
      fs.rmSync(file);
      const configuration = withoutThisProgram(JSON.parse(text) as StackConfiguration);
      return [stack, plainNames ? withPlainNames(configuration) : configuration];
    });
    const given = Object.keys(revisions).length ? { [credentialsRevision]: revisions } : undefined;
    const asFiles =
      form === "hcl" ? hclFiles(await providerBlocks(there, environment, configurations)) : jsonFiles;
    for (const [stack, configuration] of configurations) {
      const { [credentialsRevision]: declared } = configuration.variable ?? {};
      for (const [name, text] of Object.entries(asFiles(configuration, declared && given))) {
        const file = path.join(made, "stacks", stack, name);
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, text);
      }
    }
    if (form === "hcl") for (const stack of stacks) await format({ ...here, output: made }, stack);
    fs.cpSync(made, directory, { recursive: true });
  });
  print(nextSteps(props, Object.keys(revisions).length > 0));
}

/** As they are deployed, so that no pod is restarted; none where they are not, or cannot be read. */
function revisionsNow(props: EjectProps, context: CdktfContext): Promise<Revisions> {
  const { environment } = props;
  if (environment.credentials.source !== "secret") return deployedRevisions(context, stacks[0], environment);
  // Of Secrets that somebody else fills the state knows nothing.
  return deployCredentials(props).then(
    ({ revisions }) => revisions,
    () => ({}),
  );
}

function refuseUsed(directory: string): void {
  if (!fs.existsSync(directory)) return;
  const isDirectory = fs.statSync(directory).isDirectory();
  if (isDirectory && fs.readdirSync(directory).length === 0) return;
  throw new OperationError(
    `${directory}: ${isDirectory ? "holds something" : "is a file"}, and nothing is written over (allowed: an empty directory, or none): name another`,
  );
}

/** The text of each file of a stack, by its name. @param given values of variables that are no secret */
type AsFiles = (
  configuration: StackConfiguration,
  given: Body | undefined,
) => { readonly [file: string]: string };

function hclFiles(blocks: ProviderBlocks): AsFiles {
  const why =
    "# As the state has them: another number writes a Secret anew, and restarts the pods that read it.\n";
  return (configuration, given) => ({
    ...stackFiles(configuration, blocks),
    ...(given && { "terraform.tfvars": `${why}${assignmentsText(given)}` }),
  });
}

const jsonFiles: AsFiles = (configuration, given) => ({
  "main.tf.json": `${JSON.stringify(configuration, null, 2)}\n`,
  ...(given && { "terraform.tfvars.json": `${JSON.stringify(given, null, 2)}\n` }),
});

/** Terraform's own style. @throws OperationError where it cannot be read, which is a fault of this program */
async function format(context: CdktfContext, stack: string): Promise<void> {
  const { exitCode, stderr } = await terraform(context, stack, ["fmt", "-no-color"]);
  if (exitCode !== 0) {
    throw new OperationError(`terraform fmt cannot read what was written:\n${stderr.trim()}`);
  }
}

function nextSteps(
  { root, environment, variables, form, plainNames, directory }: EjectProps,
  isDeployed: boolean,
): string {
  const { program } = engineOf(environment.engine, variables);
  const store = credentialsStore(root, environment, variables);
  const file = quoted(path.join(root, store?.file ?? ""));
  const plan = `${program} init && ${program} plan`;
  const run: { readonly [source: string]: string } = {
    file: `. ${file} && ${plan}`,
    sops: `${program} init && sops exec-env ${file} '${program} plan'`,
    secret: plan,
  };
  return [
    `wrote the stacks of ${environment.name} as ${form.toUpperCase()} to ${directory}, on the state that they have`,
    `next, in ${stacks.map((stack) => `stacks/${stack}`).join(" and then in ")}: ${run[environment.credentials.source]}`,
    isDeployed
      ? `where nothing differs today, that says: ${plainNames ? "0 to add, 0 to change, 0 to destroy, and which addresses move; apply it" : "No changes"}. Then commit ${directory}, and deploy from there alone: two programs on one state undo each other's work`
      : `no revision of a credential was found: where ${environment.name} is deployed all the same, give ${credentialsRevision} those that the plan would take away, before you apply`,
  ].join("\n");
}
