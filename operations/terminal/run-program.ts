import execa from "execa";

/** How a program ended, and what it said. */
export interface ProgramRun {
  /** @default - undefined where it is not there, or was killed */
  readonly exitCode?: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as a terminal would show them. */
  readonly all: string;
}

export interface RunOptions {
  /** All of the process's environment. @default - this process's */
  readonly variables?: NodeJS.ProcessEnv;
  /** Where it runs, absolute. @default - this process's directory */
  readonly cwd?: string;
  /** What it reads. Arguments are seen by every user of a machine, and files stay. @default - nothing */
  readonly input?: string;
  /** After which it is ended. @default - never */
  readonly timeoutMs?: number;
  /** Told how to interrupt one that Ctrl-C must not cut off at any point. @default - Ctrl-C ends it */
  readonly started?: (stop: () => void) => void;
}

/** Runs a program to its end, however it ends: whoever asks looks at its exit code. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { variables, cwd, input, timeoutMs, started }: RunOptions = {},
): Promise<ProgramRun> {
  const child = execa(program, args, {
    env: variables,
    extendEnv: variables === undefined,
    cwd,
    // Not an empty input: a program that ends at once would break the pipe.
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
    timeout: timeoutMs,
    // Out of a terminal's reach.
    detached: started !== undefined,
    reject: false,
    all: true,
    maxBuffer: 512 * 1024 * 1024,
  });
  started?.(() => child.kill("SIGINT"));
  const {
    exitCode,
    stdout,
    stderr,
    all = "",
  }: execa.ExecaReturnValue & { readonly exitCode?: number } = await child;
  return { exitCode, stdout, stderr, all };
}
