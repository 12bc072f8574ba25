import { SettingsError } from "../../settings/settings-error";
import { diff } from "../diff/diff";
import { markdownReport } from "../diff/markdown-report";
import { differs } from "../diff/report";
import { reviewOf, reviewText } from "../diff/review";
import { textReport } from "../diff/text-report";
import { OperationError } from "../errors/operation-error";
import { failedMarkdown } from "../github/job-report";
import { contextOf, environmentCommand } from "../command-line/environment-option";
import { print, write } from "../terminal/print";
import { writeOutput } from "../command-line/write-output";

export const command = environmentCommand(
  "diff",
  "what a deploy would change: both stacks' plans and the rendered manifests, without secrets",
)
  .option("--markdown <file>", "also write the report for a comment of a pull request")
  .option("--review <file>", "also write what would change for npm run deploy -- --reviewed")
  .option("--json", "answer in JSON")
  .option("--against <revision>", "compare with another revision of this repository, without a cluster")
  .addHelpText("after", "\nexit code: 0 nothing differs, 2 something differs, 1 it could not be found out")
  .action(async ({ environment, markdown, review, json, against }) => {
    const examined = async () => diff({ ...contextOf(environment), against });
    const report = await examined().catch((error: unknown) => {
      // A comment that is left as it was would say what is true no more.
      if (markdown !== undefined) writeOutput(markdown, failedMarkdown(environment, reasonOf(error)));
      throw error;
    });
    if (markdown !== undefined) writeOutput(markdown, markdownReport(report));
    if (review !== undefined) writeOutput(review, reviewText(reviewOf(report)));
    if (json) print(JSON.stringify({ version: 1, differs: differs(report), ...report }, null, 2));
    else write(textReport(report));
    process.exitCode = differs(report) ? 2 : 0;
  });

function reasonOf(error: unknown): string {
  return error instanceof OperationError || error instanceof SettingsError
    ? error.message
    : "the program itself failed: see its output";
}
