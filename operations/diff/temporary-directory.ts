import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cleanUpOnSignal } from "../terminal/clean-up-on-signal";

/**
 * Lends a directory that only its owner opens. It is gone when the work ends: done, failed or interrupted.
 *
 * @param endOnSignal whether Ctrl-C ends this process at once. Default: true; false where somebody else sees to it that
 * what runs comes to its end
 */
export async function withTemporaryDirectory<Result>(
  work: (directory: string) => Promise<Result>,
  endOnSignal = true,
): Promise<Result> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-diff-"));
  const remove = (): void => fs.rmSync(directory, { recursive: true, force: true });
  const off = endOnSignal ? cleanUpOnSignal(remove) : undefined;
  try {
    return await work(directory);
  } finally {
    remove();
    off?.();
  }
}
