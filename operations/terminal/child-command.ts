import execa from "execa";
import * as path from "node:path";
import { interruptible } from "./interruption";
import { write } from "./print";

/**
 * Runs another command of this repository in a process of its own, on the same terminal, and waits for it.
 *
 * An interrupt is passed on once and the command is waited for: one that changes a cluster ends what it is doing first.
 *
 * @param args the command's name and its arguments, such as `["deploy", "--yes"]`
 * @param variables the environment of its process
 * @returns its exit code
 */
export function childCommand(
  root: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv,
): Promise<number> {
  const say = (line: string): void => write(`${line}\n`, process.stderr);
  return interruptible(say, async ({ passOn }) => {
    const child = execa(process.execPath, [path.join("operations", "entry.mjs"), ...args], {
      cwd: root,
      env: variables,
      extendEnv: false,
      reject: false,
      // In a group of its own: Ctrl-C reaches every process of a terminal's group, and the command would have it twice.
      detached: true,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const interrupt = (): void => void child.kill("SIGINT", { forceKillAfterTimeout: false });
    return (await passOn({ name: `npm run ${args[0]}`, interrupt }, child)).exitCode ?? 1;
  });
}
