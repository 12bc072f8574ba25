import * as fs from "node:fs";

/** What a killed process is told with, and its exit code. */
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Does work and removes the directories that it used: when it is done, when it failed, and when a signal ends this
 * process, with all that it runs.
 *
 * @param endOnSignal whether a signal ends this process at once; false where somebody else sees to it that what runs
 * comes to its end. @default true
 */
export async function removeAfterwards<Result>(
  directories: readonly string[],
  work: () => Promise<Result>,
  endOnSignal = true,
): Promise<Result> {
  const remove = (): void => directories.forEach((directory) => removeInUse(directory));
  const handlers = Object.entries(endOnSignal ? signals : {}).map(([signal, exitCode]) => {
    const handler = (): void => {
      remove();
      process.exit(exitCode);
    };
    process.once(signal, handler);
    return () => void process.off(signal, handler);
  });
  try {
    return await work();
  } finally {
    remove();
    handlers.forEach((off) => off());
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
    if ((error as NodeJS.ErrnoException).code !== "ENOTEMPTY" || attempts === 1) throw error;
    removeInUse(directory, attempts - 1);
  }
}
