import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Gives the work a directory of its own, and deletes it whatever happens. */
export async function inTemporaryDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  // The real path: on some machines the directory for temporary files is a link.
  const directory = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "llm-platform-bench-"));
  try {
    return await work(directory);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}
