import * as path from "node:path";
import { OperationError } from "../errors/operation-error";

const hook = path.join(__dirname, "report-peak-memory.cjs");

/** The variables of a process tree whose programs in Node say their peak memory when they end. */
export function reportingPeakMemory(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // Quoted as NODE_OPTIONS asks for: the path may hold spaces.
  const option = `--require "${hook.replace(/["\\]/g, "\\$&")}"`;
  return { ...variables, NODE_OPTIONS: [variables.NODE_OPTIONS, option].filter(Boolean).join(" ") };
}

/**
 * Reads what {@link reportingPeakMemory} made a program say.
 *
 * @returns in MB of 1,048,576 bytes, of the largest process
 */
export function peakMemory(errors: string): number {
  const found = [...errors.matchAll(/^peak memory: (\d+) KiB$/gm)].map(([, kib]) => Number(kib));
  if (!found.length) {
    throw new OperationError(
      "the program did not say its peak memory: it must end by itself, and must not drop NODE_OPTIONS",
    );
  }
  return Math.max(...found) / 1024;
}
