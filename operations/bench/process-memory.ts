import execa from "execa";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { processesOf } from "../sandbox/processes";

/** The memory of several processes, in MB of 1,048,576 bytes. */
export interface ProcessMemory {
  /** Resident sets added up: a page that two processes share counts twice. */
  readonly resident: number;
  /** The same with a shared page divided among all that share it, also with strangers; not on every system. */
  readonly proportional?: number;
}

/** The memory of a sandbox's control plane: all of its processes but the model server and what that runs. */
export async function controlPlaneMemory(sandbox: string): Promise<ProcessMemory> {
  const processes = await processesOf(sandbox);
  return memoryOf(processes.filter(({ command }) => !isModelServer(command)).map(({ pid }) => pid));
}

/** `…/ollama serve`, and `…/ollama runner`, which holds the model. */
export function isModelServer(command: string): boolean {
  return /^.*\/ollama (serve|runner)\b/.test(command);
}

/** The memory of processes that run. */
export async function memoryOf(pids: readonly number[]): Promise<ProcessMemory> {
  const rollups = await Promise.all(
    pids.map((pid) => readFile(path.join("/proc", String(pid), "smaps_rollup"), "utf8").catch(() => "")),
  );
  if (rollups.every((text) => /^Pss:/m.test(text))) {
    const sum = (field: string) =>
      rollups.reduce(
        (kib, text) => kib + Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1]),
        0,
      );
    return { resident: sum("Rss") / 1024, proportional: sum("Pss") / 1024 };
  }
  const { stdout } = await execa("ps", ["-o", "rss=", "-p", pids.join(",")]);
  return { resident: stdout.split("\n").reduce((kib, line) => kib + Number(line), 0) / 1024 };
}
