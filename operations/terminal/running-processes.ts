import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { runProgram } from "./run-program";

/** A running process. */
export interface RunningProcess {
  readonly pid: number;
  /** The process that started it, or took it over. */
  readonly parent: number;
  /** The command line, arguments separated by spaces. */
  readonly command: string;
}

/** The processes of this machine that can be seen: by `/proc` where there is one, since containers often have no `ps`. */
export async function runningProcesses(): Promise<RunningProcess[]> {
  return existsSync("/proc/self/stat") ? fromProc() : fromPs();
}

/** Sends a signal to a process, which may have ended meanwhile. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended by itself between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function fromProc(): Promise<RunningProcess[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const processes = await Promise.all(
    pids.map(async (pid) => {
      // Processes end while we read; one that did has no command line.
      const read = (file: string) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
      const [commandLine, stat] = await Promise.all([read("cmdline"), read("stat")]);
      // The program's name is in brackets, and may hold any other sign.
      const [, parent] = /^.*\) \S (\d+)/s.exec(stat) ?? [];
      const command = commandLine.replace(/\0+$/, "").replaceAll("\0", " ");
      return { pid: Number(pid), parent: Number(parent ?? 0), command };
    }),
  );
  return processes.filter(({ command }) => command !== "");
}

async function fromPs(): Promise<RunningProcess[]> {
  const { stdout } = await runProgram("ps", ["-axww", "-o", "pid=,ppid=,command="]);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}
