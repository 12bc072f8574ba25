import * as os from "node:os";

/** The user's folder; `/` for a user who has none, as a container's may be, without an entry in passwd and without HOME. */
export function homeDirectory(): string {
  try {
    return os.homedir() || "/";
  } catch {
    return "/";
  }
}
