import { fit } from "../doctor/check";
import { doctor } from "../doctor/doctor";
import { jsonReport, textReport } from "../doctor/report";
import { write } from "../terminal/print";
import { contextOf, environmentCommand } from "../command-line/environment-option";

export const command = environmentCommand(
  "doctor",
  "whether this machine, the environment and its cluster are fit for a deploy; changes nothing",
)
  .option("--json", "answer in JSON")
  .addHelpText("after", "\nexit code: 0 fit, also with warnings, 1 a check failed")
  .action(async ({ environment: name, json }) => {
    const checks = await doctor(contextOf(name));
    write(json ? jsonReport(checks, name) : textReport(checks, name), process.stdout, () => {
      // A name server that does not answer would hold the process for seconds, and a look-up cannot be called off.
      process.exit(fit(checks) ? 0 : 1);
    });
  });
