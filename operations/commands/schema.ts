import { Command } from "commander";
import { repository } from "../command-line/repository";
import { writeSchemas } from "../schemas/schemas";

export const command = new Command("npm run schema --")
  .description("the JSON Schemas by which editors check and complete environments and values")
  .action(() => writeSchemas(repository, (line) => process.stdout.write(`${line}\n`)));
