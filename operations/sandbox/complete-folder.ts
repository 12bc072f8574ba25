import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";

const UNFINISHED = ".unfinished-";

/**
 * Has a folder filled, and gives it its name when that is done: what has its final name is complete. Of work that fails
 * nothing is left.
 *
 * @param directory is not there yet
 */
export async function completeFolder(
  directory: string,
  work: (unfinished: string) => Promise<void>,
): Promise<void> {
  const unfinished = await mkdtemp(path.join(path.dirname(directory), UNFINISHED));
  try {
    await work(unfinished);
    await rename(unfinished, directory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** Removes what killed processes left unfinished. */
export async function removeUnfinished(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (name.startsWith(UNFINISHED)) await rm(path.join(parent, name), { recursive: true, force: true });
  }
}
