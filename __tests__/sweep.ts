import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { endProcesses, processesOf } from "../operations/sandbox/processes";

/** Folders in which tests start clusters: the number of the process that made one is in its name. */
const folder = /^(?:llm-platform-clone-|sandbox test )(\d+)(?:-\w+)?$/;

/**
 * Ends what tests left behind that were killed, such as API servers that run on for days, and deletes their folders. What a
 * process made that is alive is left alone.
 *
 * @param directory where the folders are
 */
export async function sweepClusters(directory: string): Promise<void> {
  for (const name of fs.readdirSync(directory)) {
    const [, owner] = folder.exec(name) ?? [];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const left = path.join(directory, name);
    await endProcesses(() => processesOf(left));
    fs.rmSync(left, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Before the tiers that start clusters: see jest.config.js. */
export default (): Promise<void> => sweepClusters(fs.realpathSync(os.tmpdir()));
