import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";

/**
 * Copies what git knows or would add, with its timestamps, and links the installed packages: a fresh clone in which
 * `npm run` has nothing to install.
 *
 * @param directory exists and is empty
 * @throws OperationError when the repository is not one of git
 */
export async function copyRepository(root: string, directory: string): Promise<void> {
  const { stdout, failed } = await execa(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", "."],
    { cwd: root, reject: false },
  );
  if (failed) {
    throw new OperationError(
      `git cannot list the files of ${root}: run the bench in a clone, made with git clone`,
    );
  }
  // A file that was deleted and not yet committed is still listed.
  const files = stdout.split("\0").filter((file) => file && fs.existsSync(path.join(root, file)));
  for (const file of files) {
    fs.cpSync(path.join(root, file), path.join(directory, file), {
      preserveTimestamps: true,
      recursive: true,
    });
  }
  fs.symlinkSync(fs.realpathSync(path.join(root, "node_modules")), path.join(directory, "node_modules"));
}
