import { existsSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import * as path from "node:path";
import { runProgram } from "./run-program";

/** A running process. */
export interface RunningProcess {
  readonly pid: number;
  /** The process that started it, or took it over. */
  readonly parent: number;
  /** The command line, arguments separated by spaces. */
  readonly command: string;
  /** What it runs, such as `terraform`, wherever that lies. */
  readonly program: string;
  readonly since: Date;
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

/**
 * Where processes run, by their ids; without those that have ended, and other users'.
 *
 * @returns undefined where it cannot be known
 */
export async function workingDirectories(
  pids: readonly number[],
): Promise<ReadonlyMap<number, string> | undefined> {
  if (pids.length === 0) return new Map();
  if (existsSync("/proc/self/cwd")) {
    const found = await Promise.all(
      pids.map(async (pid) => [pid, await readlink(`/proc/${pid}/cwd`).catch(() => "")] as const),
    );
    return new Map(found.filter(([, directory]) => directory !== ""));
  }
  const { stdout, exitCode } = await runProgram("lsof", ["-a", "-d", "cwd", "-p", pids.join(","), "-Fpn"]);
  // It answers 1 where one of them is not there any more.
  if (exitCode !== 0 && exitCode !== 1) return undefined;
  return new Map(
    [...stdout.matchAll(/^p(\d+)\n(?:[^pn].*\n)*n(.*)$/gm)].map(([, pid, directory = ""]) => [
      Number(pid),
      directory,
    ]),
  );
}

/** Linux counts in hundredths of a second since it was started, whatever it counts in itself. */
const ticksPerSecond = 100;

async function fromProc(): Promise<RunningProcess[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const [, booted] = /^btime (\d+)$/m.exec(await readFile("/proc/stat", "utf8")) ?? [];
  const processes = await Promise.all(
    pids.map(async (pid) => {
      // Processes end while we read; one that did has no command line.
      const read = (file: string) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
      const [commandLine, stat] = await Promise.all([read("cmdline"), read("stat")]);
      // The program's name is in brackets, and may hold any other sign.
      const [, parent, started] = /^.*\) \S (\d+)(?: -?\d+){17} (\d+)/s.exec(stat) ?? [];
      const [file = ""] = commandLine.split("\0");
      return {
        pid: Number(pid),
        parent: Number(parent ?? 0),
        command: commandLine.replace(/\0+$/, "").replaceAll("\0", " "),
        program: path.basename(file),
        since: new Date((Number(booted) + Number(started ?? 0) / ticksPerSecond) * 1000),
      };
    }),
  );
  return processes.filter(({ command }) => command !== "");
}

async function fromPs(): Promise<RunningProcess[]> {
  const { stdout } = await runProgram("ps", ["-axww", "-o", "pid=,ppid=,lstart=,command="], {
    variables: { ...process.env, LC_ALL: "C" },
  });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, since = "", command] =
      /^\s*(\d+)\s+(\d+)\s+(\w+ +\w+ +\d+ [\d:]+ \d+)\s+(.*)$/.exec(line) ?? [];
    if (command === undefined) return [];
    const program = path.basename(command.split(" ")[0] ?? "");
    return [{ pid: Number(pid), parent: Number(parent), command, program, since: new Date(since) }];
  });
}
