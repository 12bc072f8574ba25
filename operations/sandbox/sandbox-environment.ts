import * as path from "node:path";

/** Name of the environment of the embedded cluster. */
export const sandboxEnvironment = "sandbox";

/** Where this clone's embedded cluster lives. */
export function sandboxDirectory(root: string): string {
  return path.join(root, ".sandbox");
}
