import * as fs from "node:fs";
import { clusterReport } from "../diff/cluster-report";
import { jsonReport } from "../diff/json-report";
import { markdownReport } from "../diff/markdown-report";
import { Masker } from "../diff/masking";
import { type DiffReport, differs } from "../diff/report";
import { revisionReport } from "../diff/revision-report";
import { textReport } from "../diff/text-report";
import { OperationError } from "../errors/operation-error";
import { findCredentials } from "../secrets/credentials-file";
import type { Environment } from "../settings/environment";
import { loadEnvironment } from "../settings/load-environment";
import { environmentCommand } from "./environment-option";
import { repository } from "./repository";
import { wellFormed } from "./secrets";

export interface DiffContext {
  readonly root: string;
  readonly environment: Environment;
  /** The process's environment. */
  readonly variables: NodeJS.ProcessEnv;
  /** A revision of the repository to compare with. Default: the environment's cluster. */
  readonly against?: string;
}

/**
 * What a deploy would change, without a secret value.
 *
 * @throws OperationError when it cannot be found out
 */
export async function diff({ root, environment, variables, against }: DiffContext): Promise<DiffReport> {
  const masker = new Masker();
  try {
    if (against !== undefined) {
      return await revisionReport({ root, environment, variables, revision: against, masker });
    }
    const credentials =
      findCredentials(root, environment.name, variables).source === "nowhere"
        ? undefined
        : wellFormed({ root, environment: environment.name, variables }).values;
    return await clusterReport({ root, environment, variables, credentials, masker });
  } catch (error) {
    // What Terraform and Helm say may quote what they were given.
    if (error instanceof OperationError) throw new OperationError(masker.text(error.message));
    throw error;
  }
}

interface DiffOptions {
  readonly environment: string;
  readonly markdown?: string;
  readonly json?: boolean;
  readonly against?: string;
}

export const command = environmentCommand(
  "diff",
  "what a deploy would change: both stacks' plans and the rendered manifests, without secrets",
)
  .option("--markdown <file>", "also write the report for a comment of a pull request")
  .option("--json", "answer in JSON")
  .option("--against <revision>", "compare with another revision of this repository, without a cluster")
  .addHelpText("after", "\nexit code: 0 nothing differs, 2 something differs, 1 it could not be found out")
  .action(async ({ environment, markdown, json, against }: DiffOptions) => {
    const report = await diff({
      root: repository,
      environment: loadEnvironment(repository, environment),
      variables: process.env,
      against,
    });
    if (markdown !== undefined) {
      fs.writeFileSync(markdown, markdownReport(report));
    }
    process.stdout.write(json ? jsonReport(report) : textReport(report));
    process.exitCode = differs(report) ? 2 : 0;
  });
