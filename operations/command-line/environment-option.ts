import { Command, Option } from "@commander-js/extra-typings";
import { environmentNames, loadEnvironment } from "../../applications/load-environment";
import { defaultEnvironment } from "../../settings/default-environment";
import { repository } from "./repository";

/**
 * A command of `npm run`, with the option that most have: `--environment NAME`, or the variable ENVIRONMENT.
 *
 * @param fallback the environment where none is named. @default {@link defaultEnvironment}
 */
export function environmentCommand(name: string, description: string, fallback = defaultEnvironment) {
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

/**
 * What a command works on: this repository, one of its environments, and the process's environment.
 *
 * @throws SettingsError when there is no such environment or something in its file is wrong
 */
export function contextOf(environment: string) {
  const variables = process.env;
  return { root: repository, environment: loadEnvironment(repository, environment, variables), variables };
}
