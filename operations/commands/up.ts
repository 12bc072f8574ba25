import ora from "ora";
import { OperationError } from "../errors/operation-error";
import { up } from "../platform/up";
import { sandboxEnvironment } from "../sandbox/sandbox-environment";
import { fitted } from "../terminal/live-output";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";

export const command = environmentCommand(
  "up",
  "the whole platform on an embedded cluster",
  sandboxEnvironment,
).action(async ({ environment }) => {
  if (environment !== sandboxEnvironment) {
    throw new OperationError(
      `npm run up is for the environment ${sandboxEnvironment}, found ${environment}: use npm run deploy -- --environment ${environment}`,
    );
  }
  await up({
    root: repository,
    variables: process.env,
    print: (text) => process.stdout.write(text),
    step: async (title, work) => {
      const started = Date.now();
      // The spinner leaves standard input alone: it would take Ctrl-C for itself.
      const spinner = ora({ text: title, stream: process.stdout, discardStdin: false }).start();
      let last = "";
      try {
        const result = await work({
          say: (detail, stage = detail) => {
            if (process.stdout.isTTY) spinner.text = fitted(`${title}: ${detail}`, process.stdout);
            else if (stage !== last) process.stdout.write(`  ${detail}\n`);
            last = stage;
          },
          note: (line) => {
            spinner.stop();
            process.stdout.write(`  ${line}\n`);
            if (process.stdout.isTTY) spinner.start();
          },
        });
        spinner.succeed(`${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
        return result;
      } catch (error) {
        spinner.fail(title);
        throw error;
      }
    },
  });
});
