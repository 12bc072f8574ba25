/** What a killed process is told with, and its exit code. */
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Sees to it that a signal which ends this process leaves nothing behind. What it runs ends with it.
 *
 * @param cleanUp works at once: nothing can be waited for
 * @returns ends it: a signal does what it did before
 */
export function cleanUpOnSignal(cleanUp: () => void): () => void {
  const handlers = Object.entries(signals).map(([signal, exitCode]) => {
    const handler = (): void => {
      // Whatever runs and goes on for a moment finds no directory to write to.
      cleanUp();
      process.exit(exitCode);
    };
    process.once(signal, handler);
    return () => void process.off(signal, handler);
  });
  return () => handlers.forEach((off) => off());
}
