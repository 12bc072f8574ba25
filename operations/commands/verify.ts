import { loadSettings } from "../../applications/load-settings";
import { type AddressOptions, addresses } from "../verify/addresses";
import { allPassed } from "../verify/check";
import { jsonReport, textReport } from "../verify/report";
import { verify } from "../verify/verify";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";

interface VerifyOptions extends AddressOptions {
  readonly environment: string;
  readonly json?: boolean;
}

export const command = environmentCommand(
  "verify",
  "whether the deployed platform does its work: models, a real completion, the web page",
)
  .option("--url [address]", "ask through the ingress: LibreChat's address. Default: the environment's")
  .option(
    "--ollama-url <address>",
    "Ollama's address. Default: its ingress with --url, otherwise a port-forward",
  )
  .option("--json", "answer in JSON")
  .addHelpText(
    "after",
    "\nexit code: 0 nothing failed, 1 something did; what could not be asked is shown as not checked",
  )
  .action(async (options: VerifyOptions) => {
    const { environment } = loadSettings(repository, { ...process.env, ENVIRONMENT: options.environment });
    const checks = await verify({
      root: repository,
      environment,
      ...addresses(environment, options),
    });
    process.stdout.write((options.json ? jsonReport : textReport)(checks, environment.name));
    process.exitCode = allPassed(checks) ? 0 : 1;
  });
