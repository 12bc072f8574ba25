import * as os from "node:os";
import { kubeconfigPath } from "../cluster/kubeconfig";
import { OperationError } from "../errors/operation-error";
import { findProgramNamed, programsOf } from "../sandbox/programs";
import { findProgram } from "../sandbox/toolchain";
import { type ProgramRun, type RunOptions, runProgram } from "../terminal/run-program";
import type { Environment } from "../../settings/environment";

/** How many of Helm run at once: each takes a core, and some 70 MB. */
const atOnce = os.availableParallelism() + 1;

/** Helm's program, and the cluster that it talks to: it renders, and it rolls back. */
export class Helm {
  private readonly connection: readonly string[];
  private free = atOnce;
  private readonly waiting: (() => void)[] = [];

  /**
   * @param program absolute path; see {@link findHelm}
   * @param variables the process's environment
   */
  constructor(
    private readonly program: string,
    private readonly variables: NodeJS.ProcessEnv,
    root: string,
    environment: Pick<Environment, "cluster">,
  ) {
    const kubeconfig = kubeconfigPath(root, environment);
    this.connection = ["--kubeconfig", kubeconfig, "--kube-context", environment.cluster.context];
  }

  /** Runs a command that talks to the cluster. */
  public inCluster(args: readonly string[], options: HelmOptions = {}): Promise<ProgramRun> {
    return this.run([...args, ...this.connection], options);
  }

  /** Runs a command that needs no cluster. */
  public async run(args: readonly string[], options: HelmOptions = {}): Promise<ProgramRun> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((turn) => this.waiting.push(turn));
    try {
      return await runProgram(this.program, args, {
        ...options,
        variables: { GOGC: "200", ...this.variables },
      });
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

type HelmOptions = Pick<RunOptions, "input" | "cwd" | "started">;

/**
 * Finds Helm's program: what the variable `HELM` names, the sandbox's, or the one on PATH.
 *
 * @throws OperationError when there is none
 */
export function findHelm(variables: NodeJS.ProcessEnv): string {
  if (variables.HELM) {
    const named = findProgram(variables.HELM, variables);
    if (named) return named;
    throw missing(
      `HELM: ${variables.HELM} is not a program`,
      "name Helm 3's, or unset the variable to use the one on PATH",
    );
  }
  const found = findProgramNamed("helm", programsOf(variables)) ?? findProgram("helm", variables);
  if (found) return found;
  throw missing(
    "helm is not on PATH, and no chart can be fetched or rendered without it",
    "install Helm 3 (https://helm.sh/docs/intro/install/), name it with the variable HELM, or let npm run up provide the sandbox's",
  );
}

function missing(found: string, next: string): OperationError {
  return new OperationError(`${found}: ${next}`, { found, next });
}
