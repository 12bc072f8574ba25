import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { removeAfterwards } from "./remove-afterwards";

/** Lends a directory that only its owner opens. It is gone when the work ends: done, failed or interrupted. */
export function withTemporaryDirectory<Result>(
  work: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-work-"));
  return removeAfterwards([directory], () => work(directory));
}
