import { terraform, terraformInitialized } from "./terraform";
import { OperationError } from "../errors/operation-error";
import type { CdktfContext } from "./cdktf";
import { inOneLine } from "./one-line";

/** A lock on the state of a stack, as Terraform tells of it. */
export interface StateLock {
  readonly stack: string;
  readonly id: string;
  /** Such as `mira@laptop`. */
  readonly who: string;
  /** Such as `OperationTypeApply`. */
  readonly operation: string;
  readonly created: Date;
}

/**
 * Takes the lock and changes nothing: a resource of this name is in no state.
 *
 * Every backend keeps its locks in its own way, and all of them tell of one in the same words.
 */
const taking = [
  "untaint",
  "-no-color",
  "-allow-missing",
  "-lock-timeout=0s",
  "helm_release.none-of-this-name",
];

/**
 * Who holds the lock on the state of a synthesized stack, or held it when they were killed; undefined where nobody does.
 *
 * @throws OperationError when the state cannot be asked
 */
export async function stateLock(context: CdktfContext, stack: string): Promise<StateLock | undefined> {
  const { exitCode, stderr } = await terraformInitialized(context, stack, taking);
  if (exitCode === 0) return undefined;
  const found = parseLock(stack, stderr);
  if (found) return found;
  throw new OperationError(inOneLine(stderr).slice(0, 300));
}

/** The lock in what Terraform says when it cannot have it. */
export function parseLock(stack: string, text: string): StateLock | undefined {
  const lines = text.replace(/[│╷╵]/g, "");
  if (!/Lock Info:/.test(lines)) return undefined;
  const field = (name: string) => new RegExp(`^\\s*${name}:\\s*(.*?)\\s*$`, "m").exec(lines)?.[1] ?? "";
  return {
    stack,
    id: field("ID"),
    who: field("Who"),
    operation: field("Operation"),
    // Go's way of writing a time: 2026-11-21 15:01:42.123456789 +0000 UTC
    created: new Date(field("Created").replace(/^(\S+) (\d+:\d+:\d+)\S* .*$/, "$1T$2Z")),
  };
}

/**
 * Takes a lock away from whoever holds it.
 *
 * @throws OperationError when Terraform cannot
 */
export async function forceUnlock(context: CdktfContext, { stack, id }: StateLock): Promise<void> {
  const { exitCode, stderr } = await terraform(context, stack, ["force-unlock", "-no-color", "-force", id]);
  if (exitCode === 0) return;
  throw new OperationError(
    `the lock on the state of ${stack} could not be taken away: ${inOneLine(stderr).slice(0, 300)}`,
  );
}
