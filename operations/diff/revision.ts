import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import { git } from "../terminal/git";

/**
 * The commit that a revision names.
 *
 * @param option which named it, for the error
 * @throws OperationError where there is no such revision
 */
export async function commitOf(root: string, revision: string, option: string): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
  const { exitCode, stdout } = await git(root, args);
  if (exitCode === 0) return stdout.trim();
  throw new OperationError(
    `${option}: found ${JSON.stringify(revision)}, which is no commit, branch or tag of this repository: see git log; ` +
      "a shallow clone lacks older ones, which git fetch --unshallow gets",
  );
}

/**
 * The files of a commit, with the packages that are installed here.
 *
 * @param directory absolute; it must not be there yet
 */
export async function checkOut(root: string, commit: string, directory: string): Promise<void> {
  fs.mkdirSync(directory);
  const archive = `${directory}.tar`;
  const args = ["archive", "--format=tar", `--output=${archive}`, commit];
  const { exitCode, stderr } = await git(root, args);
  if (exitCode !== 0) throw new OperationError(`git could not read the files of ${commit}: ${stderr}`);
  // Loaded here, so that a comparison with a cluster does not wait for it.
  const { extract } = await import("tar");
  await extract({ file: archive, cwd: directory });
  fs.symlinkSync(path.join(root, "node_modules"), path.join(directory, "node_modules"));
}
