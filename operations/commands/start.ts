import { start } from "../platform/start";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";
import { print } from "../terminal/print";

export const command = environmentCommand(
  "start",
  "show the platform: no cluster, no network but npm's",
).action(({ environment }) => start({ root: repository, environment, variables: process.env, print }));
