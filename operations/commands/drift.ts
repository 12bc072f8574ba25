import * as fs from "node:fs";
import { type DriftContext, findDrift } from "../drift/find-drift";
import { fixDrift, fixText } from "../drift/fix";
import { driftMarkdown } from "../drift/markdown-report";
import { drifted } from "../drift/report";
import { driftText } from "../drift/text-report";
import { Masker } from "../secrets/masking";
import { OperationError } from "../errors/operation-error";
import { loadEnvironment } from "../../applications/load-environment";
import { confirm } from "../terminal/confirm";
import { environmentCommand } from "../command-line/environment-option";
import { recorded } from "../deploy/recorded";
import { repository } from "../command-line/repository";

interface DriftOptions {
  readonly environment: string;
  readonly unknown?: boolean;
  readonly markdown?: string;
  readonly json?: boolean;
  readonly fix?: boolean;
  readonly yes?: boolean;
}

export const command = environmentCommand("drift", "what differs in the cluster from what was deployed")
  .option("--unknown", "also objects in the platform's namespaces that nobody here deployed")
  .option("--markdown <file>", "also write the report for an issue")
  .option("--json", "answer in JSON")
  .option("--fix", "put back what drifted, after a question")
  .option("-y, --yes", "do not ask")
  .addHelpText("after", "\nexit code: 0 nothing drifted, 2 something did, 1 it could not be found out")
  .action(async ({ environment: name, unknown, markdown, json, fix, yes }: DriftOptions) => {
    if (json && fix) throw new OperationError("--json reports and --fix changes: give one of them");
    const masker = new Masker();
    const environment = loadEnvironment(repository, name, process.env);
    const context: DriftContext = { root: repository, environment, variables: process.env, masker, unknown };
    try {
      const found = await findDrift(context);
      const { report } = found;
      if (markdown !== undefined) fs.writeFileSync(markdown, driftMarkdown(report));
      process.stdout.write(
        json
          ? `${JSON.stringify({ version: 1, drifted: drifted(report), ...report }, null, 2)}\n`
          : driftText(report),
      );
      process.exitCode = drifted(report) ? 2 : 0;
      if (!fix || !drifted(report)) return;
      await confirm(`put back what drifted in ${name}?`, {
        yes,
        input: process.stdin,
        output: process.stdout,
      });
      const say = (line: string) => void process.stdout.write(`${line}\n`);
      await recorded({ root: repository, environment, action: "fix", say }, async (interruption) => {
        const { left, back } = await fixDrift(context, interruption, say);
        say(`\n${masker.text(fixText(back, left))}`);
        process.exitCode = left.length > 0 ? 2 : 0;
        return { result: "succeeded", note: `${back.length} put back, ${left.length} left` };
      });
    } catch (error) {
      // What Terraform and Helm say may quote what they were given.
      if (error instanceof OperationError) error.message = masker.text(error.message);
      throw error;
    }
  });
