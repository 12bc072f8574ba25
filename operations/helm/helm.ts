import execa from "execa";
import { kubeconfigPath } from "../cluster/kubeconfig";
import { OperationError } from "../errors/operation-error";
import { findProgramNamed, programsOf } from "../sandbox/programs";
import { findProgram } from "../sandbox/toolchain";
import type { Environment } from "../../settings/environment";

/** Helm's program, and the cluster that it talks to: it renders, and it rolls back. */
export class Helm {
  private readonly connection: readonly string[];

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
  public inCluster(args: readonly string[], options: HelmOptions = {}): Promise<HelmRun> {
    return this.run([...args, ...this.connection], options);
  }

  /** Runs a command that needs no cluster. */
  public async run(
    args: readonly string[],
    { input = "", cwd, started }: HelmOptions = {},
  ): Promise<HelmRun> {
    const child = execa(this.program, args, {
      cwd,
      // Out of a terminal's reach: Ctrl-C would cut it off at any point.
      detached: started !== undefined,
      // Values go in by standard input: arguments are seen by every user of a machine, and files stay.
      input,
      env: { GOGC: "400", ...this.variables },
      extendEnv: false,
      reject: false,
      maxBuffer: 512 * 1024 * 1024,
    });
    started?.(() => child.kill("SIGINT"));
    const { exitCode, stdout, stderr } = await child;
    return { exitCode: exitCode ?? 1, stdout, stderr };
  }
}

export interface HelmOptions {
  /** What it reads from its standard input. @default - nothing */
  readonly input?: string;
  /** Where it runs, absolute. @default - this process's directory */
  readonly cwd?: string;
  /** Told how to stop a run that must not be cut off by Ctrl-C. @default - Ctrl-C ends it */
  readonly started?: (stop: () => void) => void;
}

export interface HelmRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Finds Helm's program: what the variable `HELM` names, the sandbox's, or the one on PATH.
 *
 * @throws OperationError when there is none
 */
export function findHelm(variables: NodeJS.ProcessEnv): string {
  if (variables.HELM) {
    const named = findProgram(variables.HELM, variables);
    if (named) return named;
    throw new OperationError(
      `HELM: ${variables.HELM} is not a program: name Helm 3's, or unset the variable to use the one on PATH`,
    );
  }
  const found = findProgramNamed("helm", programsOf(variables)) ?? findProgram("helm", variables);
  if (found) return found;
  throw new OperationError(
    "helm is not on PATH, and no chart can be fetched or rendered without it: install Helm 3 " +
      "(https://helm.sh/docs/intro/install/), name it with the variable HELM, or let npm run up provide the sandbox's",
  );
}
