import * as path from "node:path";
import { contextOf, environmentCommand } from "../command-line/environment-option";
import { eject, type EjectProps } from "../eject/eject";
import { print } from "../terminal/print";

export const command = environmentCommand(
  "eject",
  "both stacks without this program, on the state that they have",
);

const directory = [
  "<directory>",
  "where to write: is made where it is not there, and must be empty",
] as const;

command
  .command("hcl")
  .description("as people write them: HCL, and values as YAML")
  .argument(...directory)
  .option("--plain-names", "of resources, without CDKTF's hashes: a plan then moves addresses in the state")
  .action((to, { plainNames }) => ejectTo(to, { form: "hcl", plainNames }));

command
  .command("json")
  .description("as they are synthesized: JSON, without CDKTF's notes on it")
  .argument(...directory)
  .action((to) => ejectTo(to, { form: "json" }));

function ejectTo(to: string, how: Pick<EjectProps, "form" | "plainNames">): Promise<void> {
  return eject({ ...contextOf(command.opts().environment), ...how, directory: path.resolve(to), print });
}
