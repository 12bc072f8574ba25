import execa from "execa";

/** What a process answered. */
export interface Answer {
  readonly exitCode: number;
  /** Both streams, as a terminal shows them, without colours. */
  readonly output: string;
  /** What ended it, if it did not end by itself. */
  readonly signal?: string;
}

/** A process that runs beside the test. */
export class RunningProcess {
  private printed = "";

  constructor(private readonly child: execa.ExecaChildProcess) {
    child.all?.on("data", (data: Buffer) => (this.printed += data.toString()));
  }

  public get pid(): number {
    return this.child.pid ?? 0;
  }

  /** What it has printed so far. */
  public get output(): string {
    return withoutColours(this.printed);
  }

  /** Waits until it has printed something. */
  public said(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.output.includes(text)) resolve();
      };
      look();
      this.child.all?.on("data", look);
      void this.child.then(() => reject(new Error(`it ended without "${text}":\n${this.output}`)));
    });
  }

  public tell(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  public signal(signal: NodeJS.Signals): void {
    this.child.kill(signal, { forceKillAfterTimeout: false });
  }

  /** Waits for its end. It is not thrown at when it fails. */
  public async ended(): Promise<Answer> {
    const { exitCode, all = "", signal } = await this.child;
    return { exitCode: exitCode ?? 1, output: withoutColours(all), ...(signal && { signal }) };
  }
}

function withoutColours(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}

/** Kills processes. One that ended in the meantime is none the less gone. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** A process and all that it has started, those first. */
export async function family(pid: number): Promise<number[]> {
  const { stdout } = await execa("ps", ["-eo", "pid=,ppid="]);
  const parents = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const below = (of: number): number[] =>
    parents.flatMap(([child = 0, parent]) => (parent === of ? [child, ...below(child)] : []));
  return [pid, ...below(pid)];
}
