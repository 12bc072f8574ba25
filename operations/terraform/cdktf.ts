import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import type { CredentialValues } from "../../settings/credentials";

/** The stacks in the order in which they are applied. */
export const stacks = ["foundation", "llm-apps"] as const;

/** Where an environment is synthesized by `npm run`, relative to the repository: two environments never share a directory. */
export function outputDirectory(environment: string): string {
  return `cdktf.out/${environment}`;
}

/** What a command is given beside its arguments. */
export interface CdktfContext {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: string;
  /** The process's environment: CHARTS_DIR, TF_CLI_CONFIG_FILE and the like pass through. */
  readonly variables: NodeJS.ProcessEnv;
  /** Handed to Terraform as variables of its process, never as arguments, which every user of a machine can read. @default - there are none */
  readonly credentials?: { readonly values: CredentialValues; readonly revision: number };
  /** Where to synthesize, relative to the repository or absolute. @default {@link outputDirectory} */
  readonly output?: string;
}

/** Where a stack is synthesized and Terraform runs, absolute. */
export function workingDirectory({ root, environment, output }: CdktfContext, stack: string): string {
  return path.resolve(root, output ?? outputDirectory(environment), "stacks", stack);
}

/** The environment of a process that synthesizes or runs Terraform. */
export function processEnvironment({ environment, variables, credentials }: CdktfContext): NodeJS.ProcessEnv {
  return {
    ...variables,
    ENVIRONMENT: environment,
    ...Object.fromEntries(
      Object.entries(credentials?.values ?? {}).map(([name, value]) => [`TF_VAR_${name}`, value]),
    ),
    ...(credentials && { TF_VAR_credentials_revision: String(credentials.revision) }),
    // Both ask their makers' servers for news, and a network that swallows packets holds them for minutes.
    CHECKPOINT_DISABLE: "1",
    DISABLE_VERSION_CHECK: "1",
    TF_IN_AUTOMATION: "1",
    // Lines instead of a screen that is drawn over and over.
    CI: "1",
  };
}

/**
 * Synthesizes both stacks without CDKTF's command line, which takes seconds.
 *
 * @returns the exit code, and what the program printed to stderr
 */
export async function synthesize(context: CdktfContext): Promise<{ exitCode: number; errors: string }> {
  makeOutputDirectory(context);
  const { app } = JSON.parse(fs.readFileSync(path.join(context.root, "cdktf.json"), "utf8")) as {
    app: string;
  };
  const { exitCode, stderr } = await execa.command(app, {
    cwd: context.root,
    env: {
      ...processEnvironment(context),
      CDKTF_OUTDIR: context.output ?? outputDirectory(context.environment),
    },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  return { exitCode, errors: stderr };
}

/** @throws OperationError with what the program printed, where the stacks do not synthesize */
export async function synthesized(context: CdktfContext): Promise<void> {
  const { exitCode, errors } = await synthesize(context);
  if (exitCode !== 0) throw new OperationError(errors.trim());
}

/** CDKTF makes the last folder of the path, not those above it. */
function makeOutputDirectory({ root, environment, output }: CdktfContext): void {
  fs.mkdirSync(path.resolve(root, output ?? outputDirectory(environment)), { recursive: true });
}
