import { Command, Option } from "@commander-js/extra-typings";
import { outdateComment } from "../github/comment";
import { connectGitHub } from "../github/connection";
import { deployReviewed } from "../github/deploy-reviewed";
import { nameEngine } from "../github/engine";
import { findReview } from "../github/reviewed-plan";
import { plan } from "../github/plan";
import { preview } from "../github/preview";
import { publishReports } from "../github/publish-reports";
import { pullRequestOf } from "../github/pull-request";
import { reportDrift } from "../github/report-drift";
import { repository as root } from "../command-line/repository";
import { goOnUnheard } from "../terminal/interruption";
import { print } from "../terminal/print";

const variables = process.env;

function environmentOption() {
  return new Option("-e, --environment <name>", "one of the variable ENVIRONMENTS").makeOptionMandatory();
}

export const command = new Command("npm run github --").description(
  "what the workflows of .github/workflows run",
);

command
  .command("preview")
  .description("what this working tree would change on an embedded cluster with the base revision on it")
  .requiredOption("--base <revision>", "what the pull request is to be merged into")
  .requiredOption("--report <file>", "where to write the report for the comment")
  .action((options) => preview({ ...options, root, variables }));

command
  .command("plan")
  .description("what this working tree would change in the cluster of an environment")
  .addOption(environmentOption())
  .requiredOption("--report <file>", "where to write the report for the comment")
  .requiredOption("--review <file>", "where to write the plan that is reviewed")
  .action((options) => plan({ ...options, root, variables }));

command
  .command("engine")
  .description("name what runs the stacks of the environment, for the steps that install it")
  .addOption(environmentOption())
  .action((options) => nameEngine({ ...options, root, variables }));

command
  .command("outdate")
  .description("strike the comment of the pull request through: a newer commit is being examined")
  .action(async () => print(await outdateComment(connectGitHub(variables), pullRequestOf(variables))));

command
  .command("comment")
  .description("write or update the one comment of the pull request")
  .requiredOption("--reports <directory>", "what the other jobs wrote")
  .action(async ({ reports }) => print(await publishReports(reports, variables)));

command
  .command("find-review")
  .description("find the reviewed plan of the commit that is deployed, for the steps that come after")
  .addOption(environmentOption())
  .option("--reason <text>", "why to deploy without one")
  .action((options) => findReview({ ...options, variables, say: print }));

command
  .command("deploy")
  .description("npm run release with the access that the GitHub environment gives")
  .addOption(environmentOption())
  .option("--reviewed <file>", "the reviewed plan; left out where there is a reason")
  .option("--reason <text>", "why to deploy without one")
  .action((options) => {
    goOnUnheard();
    return deployReviewed({ ...options, root, variables });
  });

command
  .command("drift")
  .description("npm run drift, and the one issue of the environment with what it found")
  .addOption(environmentOption())
  .action(async ({ environment }) => {
    process.exitCode = await reportDrift({ root, environment, variables, say: print });
  });
