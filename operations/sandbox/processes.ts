import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import execa from "execa";
import { OperationError } from "../errors/operation-error";

/** A running process. */
export interface RunningProcess {
  readonly pid: number;
  /** The command line, arguments separated by spaces. */
  readonly command: string;
}

/**
 * The processes that belong to a sandbox directory: those whose program lies in it, and the model
 * server's runners, which are told a model file in it.
 *
 * Found by command line and not by pid file: a pid file can be missing after a crash, or name a
 * stranger's process after a restart of the machine. A shell, an editor or a `tail -f` that only
 * mentions the directory is none of ours.
 *
 * @param directory absolute, without symbolic links
 */
export async function processesOf(directory: string): Promise<RunningProcess[]> {
  const processes = existsSync("/proc/self/cmdline") ? await processesFromProc() : await processesFromPs();
  return processes.filter(
    ({ command }) => command.startsWith(`${directory}/`) || command.includes(` runner --model ${directory}/`),
  );
}

/**
 * Ends processes, hard, and waits until they are gone.
 *
 * @param find answers which are left; it is asked again and again, so that what one of them started in
 * the meantime is ended too
 * @returns how many there were
 * @throws OperationError when some are still there after five seconds
 */
export async function endProcesses(find: () => Promise<RunningProcess[]>): Promise<number> {
  const ended = new Set<number>();
  const deadline = performance.now() + 5000;
  for (;;) {
    const left = await find();
    if (left.length === 0) return ended.size;
    if (performance.now() > deadline) {
      const names = left.map(({ pid, command }) => `${pid} (${command.split(" ")[0]})`).join(", ");
      throw new OperationError(
        `processes of the sandbox do not end: ${names}; end them by hand and try again`,
      );
    }
    for (const { pid } of left) {
      kill(pid);
      ended.add(pid);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // ESRCH: it ended by itself between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function processesFromProc(): Promise<RunningProcess[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const processes = await Promise.all(
    pids.map(async (pid) => {
      // Processes end while we read; one that did has no command line.
      const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      return { pid: Number(pid), command: commandLine.replace(/\0+$/, "").replaceAll("\0", " ") };
    }),
  );
  return processes.filter(({ command }) => command !== "");
}

async function processesFromPs(): Promise<RunningProcess[]> {
  const { stdout } = await execa("ps", ["-axww", "-o", "pid=,command="]);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || command === undefined ? [] : [{ pid: Number(pid), command }];
  });
}
