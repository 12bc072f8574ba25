import { loadSettings } from "../../applications/load-settings";
import { releaseWarnings } from "../../applications/release-check";
import { outputDirectory, stacks, synthesize } from "../terraform/cdktf";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";
import { write } from "../terminal/print";

export const command = environmentCommand("synth", "both stacks as JSON, offline").action(
  async ({ environment }) => {
    await synthesize({ root: repository, environment: { name: environment }, variables: process.env });
    const settings = loadSettings(repository, { ...process.env, ENVIRONMENT: environment });
    for (const line of releaseWarnings(settings)) write(`warned: ${line}\n`, process.stderr);
    const files = stacks.map(
      (stack) => `${outputDirectory(environment, process.env)}/stacks/${stack}/cdk.tf.json\n`,
    );
    write(files.join(""));
  },
);
