import { OperationError } from "../errors/operation-error";
import { up } from "../platform/up";
import { sandboxEnvironment } from "../sandbox/sandbox-environment";
import { goOnUnheard } from "../terminal/interruption";
import { liveOutput } from "../terminal/live-output";
import { write } from "../terminal/print";
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
  goOnUnheard();
  const { line, status, rest } = liveOutput(process.stdout);
  await up({
    root: repository,
    variables: process.env,
    print: write,
    step: async (title, work) => {
      const started = Date.now();
      status(title);
      try {
        const result = await work({
          line: (text) => line(`  ${text}`),
          status: (text, stage = text) => status(`${title}: ${text}`, `${title}: ${stage}`),
        });
        line(`✔ ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
        return result;
      } catch (error) {
        line(`✖ ${title}`);
        throw error;
      } finally {
        rest();
      }
    },
  });
});
