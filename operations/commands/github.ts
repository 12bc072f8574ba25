import { Command, Option } from "commander";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { reviewOf, reviewText } from "../diff/review";
import { OperationError } from "../errors/operation-error";
import { withBaseOnSandbox } from "../github/base-on-sandbox";
import { withClusterAccess } from "../github/cluster-access";
import { outdateComment, publishComment } from "../github/comment";
import { connectGitHub, needed, runUrl } from "../github/connection";
import { updateDriftIssue } from "../github/drift-issue";
import { environmentsOf } from "../github/environments";
import { addToSummary, failedMarkdown, jobReport } from "../github/job-report";
import { pullRequestOf } from "../github/pull-request";
import { readReportFiles } from "../github/report-file";
import { findReviewedPlan } from "../github/reviewed-plan";
import { loadEnvironment } from "../../applications/load-environment";
import { childCommand } from "../command-line/child-command";
import { diff } from "./diff";
import { DeployFailedError, releaseHere } from "./release";
import { repository as root } from "../command-line/repository";
import { sandboxEnvironment } from "../sandbox/sandbox-environment";

const variables = process.env;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function environmentOption(): Option {
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
  .action(async ({ base, report: file }: { base: string; report: string }) => {
    const props = { environment: sandboxEnvironment, file, parts: 1 + environmentsOf(variables).length };
    const note = variables.GITHUB_EVENT_PATH && pullRequestOf(variables).fromFork ? forkNote : undefined;
    await jobReport({ ...props, variables, note }, () =>
      withBaseOnSandbox({ root, base, variables }, async ({ commit, variables }) => {
        const environment = loadEnvironment(root, sandboxEnvironment, variables);
        const report = await diff({ root, environment, variables });
        const kubeconfig = `an embedded cluster with revision ${commit.slice(0, 10)}`;
        return { ...report, against: { context: environment.cluster.context, kubeconfig } };
      }),
    );
  });

const forkNote =
  "This pull request comes from a fork, whose workflow may only read: its report stands here alone, and not in a comment.";

command
  .command("plan")
  .description("what this working tree would change in the cluster of an environment")
  .addOption(environmentOption())
  .requiredOption("--report <file>", "where to write the report for the comment")
  .requiredOption("--review <file>", "where to write the plan that is reviewed")
  .action(async (options: { environment: string; report: string; review: string }) => {
    const { environment: name, report: file, review } = options;
    await jobReport({ environment: name, file, parts: 1 + environmentsOf(variables).length, variables }, () =>
      withClusterAccess(variables, `${name}-plan`, async (variables) => {
        const environment = loadEnvironment(root, name, variables);
        const report = await diff({ root, environment, variables });
        fs.mkdirSync(path.dirname(path.resolve(review)), { recursive: true });
        fs.writeFileSync(review, reviewText(reviewOf(report)));
        const { kubeconfig } = loadEnvironment(root, name).cluster;
        return { ...report, against: { context: environment.cluster.context, kubeconfig } };
      }),
    );
  });

command
  .command("outdate")
  .description("strike the comment of the pull request through: a newer commit is being examined")
  .action(async () => say(await outdateComment(connectGitHub(variables), pullRequestOf(variables))));

command
  .command("comment")
  .description("write or update the one comment of the pull request")
  .requiredOption("--reports <directory>", "what the other jobs wrote")
  .action(async ({ reports: directory }: { reports: string }) => {
    const found = readReportFiles(directory);
    const reports = [sandboxEnvironment, ...environmentsOf(variables)].map(
      (environment) =>
        found.get(environment) ?? {
          environment,
          outcome: "failed" as const,
          markdown: failedMarkdown(environment, "its job ended without a report: see its log"),
        },
    );
    const props = { reports, runUrl: runUrl(variables) };
    say(await publishComment(connectGitHub(variables), pullRequestOf(variables), props));
  });

command
  .command("find-review")
  .description("find the reviewed plan of the commit that is deployed, for the steps that come after")
  .addOption(environmentOption())
  .option("--reason <text>", "why to deploy without one")
  .action(async ({ environment, reason }: { environment: string; reason?: string }) => {
    if (reason?.trim()) {
      const line = `${environment} is deployed without a reviewed plan: ${reason.trim()}`;
      say(line);
      return addToSummary(variables, line.replace(/[<>`]/g, ""));
    }
    const commit = needed(variables, "GITHUB_SHA", "the commit that is deployed");
    const plan = await findReviewedPlan(connectGitHub(variables), { environment, commit });
    say(`the plan of ${environment} was reviewed in pull request ${plan.pullRequest} (${plan.artifact})`);
    const output = `run-id=${plan.runId}\nartifact=${plan.artifact}\n`;
    fs.appendFileSync(needed(variables, "GITHUB_OUTPUT", "the file for a step's outputs"), output);
  });

command
  .command("deploy")
  .description("npm run release with the access that the GitHub environment gives")
  .addOption(environmentOption())
  .option("--reviewed <file>", "the reviewed plan; left out where there is a reason")
  .option("--reason <text>", "why to deploy without one")
  .action(async (options: { environment: string; reviewed?: string; reason?: string }) => {
    const { environment: name, reviewed, reason } = options;
    const file = reason?.trim() ? undefined : reviewed;
    await withClusterAccess(variables, name, (variables) =>
      releaseHere(root, loadEnvironment(root, name, variables), variables, file),
    ).catch((error: unknown) => {
      if (!(error instanceof DeployFailedError) || !file) throw error;
      throw new OperationError(`${error.message}\n${refusedOnGitHub}`);
    });
  });

const refusedOnGitHub =
  "where the plan was refused: open a pull request, whose plan is made anew, or run the workflow Deploy by hand with a reason";

command
  .command("drift")
  .description("npm run drift, and the one issue of the environment with what it found")
  .addOption(environmentOption())
  .action(async ({ environment }: { environment: string }) => {
    const connection = connectGitHub(variables);
    const directory = fs.mkdtempSync(path.join(variables.RUNNER_TEMP || os.tmpdir(), "llm-platform-drift-"));
    const file = path.join(directory, "drift.md");
    try {
      const exitCode = await withClusterAccess(variables, `${environment}-drift`, ({ ...variables }) => {
        delete variables.GITHUB_TOKEN;
        return childCommand(root, ["drift", "--environment", environment, "--markdown", file], variables);
      }).catch((error: unknown) => {
        process.stderr.write(`${(error as Error).message}\n`);
        return 1;
      });
      const outcome = exitCode === 0 ? "same" : exitCode === 2 ? "differs" : "failed";
      const markdown =
        outcome !== "failed" && fs.existsSync(file)
          ? fs.readFileSync(file, "utf8")
          : "npm run drift failed: the log of the run says why.";
      addToSummary(variables, markdown);
      const check = {
        environment,
        outcome,
        markdown,
        checkedAt: new Date(),
        runUrl: runUrl(variables),
      } as const;
      say(await updateDriftIssue(connection, check));
      process.exitCode = outcome === "failed" ? 1 : 0;
    } finally {
      fs.rmSync(directory, { recursive: true, force: true });
    }
  });
