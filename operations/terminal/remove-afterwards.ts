import * as fs from "node:fs";

/**
 * Does work and removes the directories that it used: when it is done, when it failed, and when this process ends before
 * that.
 */
export async function removeAfterwards<Result>(
  directories: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  const remove = (): void => directories.forEach((directory) => removeInUse(directory));
  process.once("exit", remove);
  try {
    return await work();
  } finally {
    remove();
    process.off("exit", remove);
  }
}

/**
 * Again where what is interrupted made a file in it meanwhile: Node's own `maxRetries` removes no more than what stood
 * there at first.
 */
function removeInUse(directory: string, attempts = 100): void {
  try {
    fs.rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Below a file nothing was made.
    if (code === "ENOTDIR") return;
    if (code !== "ENOTEMPTY" || attempts === 1) throw error;
    removeInUse(directory, attempts - 1);
  }
}
