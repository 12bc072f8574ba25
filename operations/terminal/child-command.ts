import execa from "execa";
import * as path from "node:path";

/**
 * Runs another command of this repository in a process of its own, on the same terminal, and waits for it.
 *
 * An interrupt is passed on once and the command is waited for: one that changes a cluster ends what it is doing first.
 *
 * @param args the command's name and its arguments, such as `["deploy", "--yes"]`
 * @param variables the environment of its process
 * @returns its exit code
 */
export async function childCommand(
  root: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv,
): Promise<number> {
  const child = execa(process.execPath, [path.join("operations", "entry.mjs"), ...args], {
    cwd: root,
    env: variables,
    extendEnv: false,
    reject: false,
    // In a group of its own: Ctrl-C reaches every process of a terminal's group, and the command would have it twice.
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal, { forceKillAfterTimeout: false });
  process.on("SIGINT", pass).on("SIGTERM", pass);
  try {
    return (await child).exitCode ?? 1;
  } finally {
    process.off("SIGINT", pass).off("SIGTERM", pass);
  }
}
