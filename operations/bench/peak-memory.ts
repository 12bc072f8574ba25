import * as fs from "node:fs";
import { family } from "./family";

const sampleMs = 50;

/**
 * The most memory that all processes below this one had at one moment of some work, in MB: what they share is counted once.
 * Looking takes time of its own, so that the same work is not timed. None where the system does not say.
 */
export async function peakMemory(work: () => Promise<unknown>): Promise<number> {
  let peakMb = 0;
  const sample = setInterval(() => (peakMb = Math.max(peakMb, memoryOf(family(process.pid)))), sampleMs);
  await work().finally(() => clearInterval(sample));
  return peakMb;
}

/** Proportional set sizes, in MB; none where the system does not say. @see https://docs.kernel.org/filesystems/proc.html */
function memoryOf(pids: readonly number[]): number {
  const sizes = pids.map((pid) => {
    try {
      return Number(/^Pss: +(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      // It has ended meanwhile.
      return 0;
    }
  });
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}
