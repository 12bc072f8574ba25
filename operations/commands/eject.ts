import * as path from "node:path";
import { contextOf, environmentCommand } from "../command-line/environment-option";
import { eject } from "../eject/eject";
import { print } from "../terminal/print";

export const command = environmentCommand(
  "eject",
  "both stacks without this program, on the state that they have",
);

for (const [form, description] of [
  ["hcl", "as people write them: HCL, and values as YAML"],
  ["json", "as they are synthesized: JSON, without CDKTF's notes on it"],
] as const) {
  command
    .command(form)
    .description(description)
    .argument("<directory>", "where to write: is made where it is not there, and must be empty")
    .action((directory) =>
      eject({ ...contextOf(command.opts().environment), form, directory: path.resolve(directory), print }),
    );
}
