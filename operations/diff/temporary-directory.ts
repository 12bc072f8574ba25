import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { removeAfterwards } from "../terminal/remove-afterwards";

/**
 * Lends a directory that only its owner opens. It is gone when the work ends: done, failed or interrupted.
 *
 * @param endOnSignal as of {@link removeAfterwards}
 */
export function withTemporaryDirectory<Result>(
  work: (directory: string) => Promise<Result>,
  endOnSignal = true,
): Promise<Result> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-diff-"));
  return removeAfterwards([directory], () => work(directory), endOnSignal);
}
