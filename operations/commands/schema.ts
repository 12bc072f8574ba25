import { Command } from "@commander-js/extra-typings";
import { repository } from "../command-line/repository";
import { print } from "../terminal/print";
import { writeSchemas } from "../schemas/schemas";

export const command = new Command("npm run schema --")
  .description("the JSON Schemas by which editors check and complete environments and values")
  .action(() => writeSchemas(repository, print));
