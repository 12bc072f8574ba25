import { Command, Option } from "commander";
import { defaultEnvironment } from "../../settings/default-environment";
import { repository } from "./repository";
import { environmentNames } from "../../applications/load-environment";

/**
 * A command of `npm run`, with the option that most have: `--environment NAME`, or the variable ENVIRONMENT.
 *
 * @param fallback the environment where none is named. @default {@link defaultEnvironment}
 */
export function environmentCommand(
  name: string,
  description: string,
  fallback = defaultEnvironment,
): Command {
  return new Command(`npm run ${name} --`)
    .description(description)
    .addOption(
      new Option("-e, --environment <name>", `one of ${environmentNames(repository).join(", ")}`)
        .env("ENVIRONMENT")
        .default(fallback),
    )
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(--help shows what there is)");
}
