import execa from "execa";

/** How a program ended, and what it said. */
export interface ProgramRun {
  /** @default - undefined where it is not there, or was killed */
  readonly exitCode?: number;
  /** What killed it. @default - it is not there, or ended by itself */
  readonly signal?: string;
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
  /** An open file that takes all that it says, also when this process has ended. @default - it is collected */
  readonly output?: number;
  /**
   * Told how to stop a run that must come to its end though this process ends, and its process id, if it is there at all.
   *
   * @default - it ends with this process
   */
  readonly started?: (stop: () => void, pid: number | undefined) => void;
}

const ending = new Set<execa.ExecaChildProcess>();
process.on("exit", () => ending.forEach((child) => child.kill("SIGTERM", { forceKillAfterTimeout: false })));

/**
 * Runs a program to its end, however it ends: whoever asks looks at its exit code.
 *
 * It has a process group of its own: a Ctrl-C reaches every process of a terminal's group, and what becomes of a program is
 * decided here alone. It is told to end once, with this process.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { variables, cwd, input, timeoutMs, output, started }: RunOptions = {},
): Promise<ProgramRun> {
  const child = execa(program, args, {
    env: variables,
    extendEnv: variables === undefined,
    cwd,
    // Not an empty input: a program that ends at once would break the pipe.
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
    ...(output !== undefined && { stdout: output, stderr: output }),
    timeout: timeoutMs,
    reject: false,
    all: true,
    maxBuffer: 512 * 1024 * 1024,
    detached: true,
  });
  if (started) started(() => child.kill("SIGINT"), child.pid);
  else ending.add(child);
  try {
    const run = (await child) as execa.ExecaReturnValue & { readonly exitCode?: number };
    // Of a program that is not there nothing is known at all.
    const { exitCode, signal, stdout = "", stderr = "", all = "" } = run;
    return { exitCode, ...(signal && { signal }), stdout, stderr, all };
  } finally {
    ending.delete(child);
  }
}
