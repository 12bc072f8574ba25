import * as fs from "node:fs";
import * as path from "node:path";
import { removeSandbox } from "../sandbox/sandbox";
import { credentialsFile } from "../secrets/credentials-file";
import { interruptible } from "../terminal/interruption";
import { outputDirectory } from "../terraform/cdktf";
import { sandboxDirectory, sandboxEnvironment } from "../sandbox/sandbox-environment";

/** Ends this clone's sandbox, and deletes its data and what Terraform knows of it. There need be none. */
export async function down(
  root: string,
  variables: NodeJS.ProcessEnv,
  print: (line: string) => void,
): Promise<void> {
  const removed = await interruptible(print, async () => {
    const removed = await removeSandbox({ directory: sandboxDirectory(root) });
    // A state of a cluster that is gone would be taken for one of the next.
    for (const left of [
      path.join("state", sandboxEnvironment),
      outputDirectory(sandboxEnvironment, variables),
      credentialsFile(sandboxEnvironment),
    ]) {
      fs.rmSync(path.resolve(root, left), { recursive: true, force: true });
    }
    return removed;
  });
  print(
    removed.existed
      ? `removed the sandbox: ${removed.processes} processes, its cluster, models, state and credentials`
      : "no sandbox in this clone: nothing to remove",
  );
}
