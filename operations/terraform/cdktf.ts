import * as fs from "node:fs";
import * as path from "node:path";
import { fileError } from "../errors/file-error";
import { OperationError } from "../errors/operation-error";
import { credentialsRevision, type CredentialValues } from "../../settings/credentials";
import type { Environment } from "../../settings/environment";
import { warningsFile } from "../../settings/warnings-file";
import { runProgram } from "../terminal/run-program";
import { unlessMade } from "./kept-synthesis";

/** The stacks in the order in which they are applied. */
export const stacks = ["foundation", "llm-apps"] as const;

/**
 * Where an environment is synthesized by `npm run`, absolute or relative to the repository: two environments never share a
 * directory. The variable `CDKTF_OUTDIR`, which is CDKTF's own, names another place for all of them.
 */
export function outputDirectory(environment: string, variables: { readonly CDKTF_OUTDIR?: string }): string {
  return `${variables.CDKTF_OUTDIR || "cdktf.out"}/${environment}`;
}

/** Revisions of Secrets, by `NAMESPACE/NAME`. */
export interface Revisions {
  readonly [secret: string]: number;
}

/** What synthesizes an environment's stacks. */
export interface SynthContext {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Pick<Environment, "name">;
  /** The process's environment: CHARTS_DIR, TF_CLI_CONFIG_FILE and the like pass through. */
  readonly variables: NodeJS.ProcessEnv;
  /** Handed to Terraform as variables of its process, never as arguments, which every user of a machine can read. @default - none */
  readonly credentials?: { readonly values: CredentialValues; readonly revisions: Revisions };
  /** Where to synthesize, relative to the repository or absolute. @default {@link outputDirectory} */
  readonly output?: string;
}

/** What runs them, too. */
export interface CdktfContext extends SynthContext {
  readonly environment: Pick<Environment, "name" | "engine" | "state">;
  /** Providers that run already, in JSON: see {@link withRunningProviders}. @default - Terraform starts its own */
  readonly providers?: string;
}

/** Where a stack is synthesized and Terraform runs, absolute. */
export function workingDirectory(context: SynthContext, stack: string): string {
  const { root, environment, variables, output = outputDirectory(environment.name, variables) } = context;
  return path.resolve(root, output, "stacks", stack);
}

/** The environment of a process that synthesizes or runs Terraform. */
export function processEnvironment({ environment, variables, credentials }: SynthContext): NodeJS.ProcessEnv {
  return {
    ...variables,
    ENVIRONMENT: environment.name,
    ...Object.fromEntries(
      Object.entries(credentials?.values ?? {}).map(([name, value]) => [`TF_VAR_${name}`, value]),
    ),
    ...(credentials && { [`TF_VAR_${credentialsRevision}`]: JSON.stringify(credentials.revisions) }),
    // Both ask their makers' servers for news, and a network that swallows packets holds them for minutes.
    CHECKPOINT_DISABLE: "1",
    DISABLE_VERSION_CHECK: "1",
    TF_IN_AUTOMATION: "1",
    // Lines instead of a screen that is drawn over and over.
    CI: "1",
  };
}

/**
 * Synthesizes both stacks without CDKTF's command line, which takes seconds; where nothing has changed since, they stay as they are.
 *
 * @returns what is wrong and refused by nothing, one line each
 * @throws OperationError with what the program printed to stderr, where they do not synthesize
 */
export async function synthesize(context: SynthContext): Promise<readonly string[]> {
  const { root, environment, output = outputDirectory(environment.name, context.variables) } = context;
  // CDKTF makes the last folder of the path, not those above it.
  const directory = path.resolve(root, output, "stacks");
  try {
    fs.mkdirSync(directory, { recursive: true });
    fs.accessSync(directory, fs.constants.W_OK);
  } catch (error) {
    const { code } = fileError(error) ?? (error as NodeJS.ErrnoException);
    throw new OperationError(
      `${output}: cannot be written (${code}), and the stacks are synthesized there: name a folder that can be${context.output === undefined ? " with the variable CDKTF_OUTDIR" : ""}`,
    );
  }
  const variables = { ...processEnvironment(context), CDKTF_OUTDIR: output };
  await unlessMade({ root, variables, output: path.dirname(directory) }, async () => {
    const { app } = JSON.parse(fs.readFileSync(path.join(root, "cdktf.json"), "utf8")) as { app: string };
    const [program = "", ...args] = app.split(" ");
    const { exitCode, stderr } = await runProgram(program, args, { cwd: root, variables, title: "synth" });
    if (exitCode !== 0) throw new OperationError(stderr.trim() || "the stacks could not be synthesized");
  });
  return JSON.parse(fs.readFileSync(path.join(path.dirname(directory), warningsFile), "utf8")) as string[];
}
