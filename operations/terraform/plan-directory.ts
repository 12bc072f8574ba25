import * as fs from "node:fs";
import * as path from "node:path";
import { removeAfterwards } from "../terminal/remove-afterwards";

const prefix = "diff-";

/**
 * Lends a file for a plan, below a directory that only its owner opens. It is gone when the work ends: done, failed or
 * interrupted.
 *
 * Plans hold the values of every release and all that Terraform knows of the cluster.
 *
 * @param directories where to make one file each
 */
export async function withPlanFiles<Result>(
  directories: readonly string[],
  work: (files: readonly string[]) => Promise<Result>,
): Promise<Result> {
  for (const directory of directories) removeLeftOvers(directory);
  const made = directories.map((directory) => path.join(directory, `${prefix}${process.pid}`));
  return removeAfterwards(made, () => {
    const files = made.map((directory) => {
      fs.mkdirSync(directory, { mode: 0o700 });
      const file = path.join(directory, "plan");
      // Terraform would make it readable for everybody; one that exists keeps its mode.
      fs.closeSync(fs.openSync(file, "wx", 0o600));
      return file;
    });
    return work(files);
  });
}

/** What a process left behind that could not tidy up, such as one that was killed for its memory. */
function removeLeftOvers(directory: string): void {
  for (const name of fs.readdirSync(directory)) {
    const pid = new RegExp(`^${prefix}(\\d+)$`).exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) fs.rmSync(path.join(directory, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is another user's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
