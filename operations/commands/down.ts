import { OperationError } from "../errors/operation-error";
import { down } from "../platform/down";
import { sandboxEnvironment } from "../sandbox/sandbox-environment";
import { goOnUnheard } from "../terminal/interruption";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";
import { print } from "../terminal/print";

export const command = environmentCommand(
  "down",
  "remove this clone's sandbox and its data",
  sandboxEnvironment,
).action(async ({ environment }) => {
  if (environment !== sandboxEnvironment) {
    throw new OperationError(
      `npm run down is for the environment ${sandboxEnvironment}, found ${environment}: use npm run destroy -- --environment ${environment}`,
    );
  }
  goOnUnheard();
  await down(repository, process.env, print);
});
