import type { ErrorParts } from "../../settings/settings-error";

/**
 * A command could not do its work, for a reason outside the program: printed as it is, without a stack trace.
 *
 * The message says what is wrong, what was found, what is allowed, and what to do next; it never holds a secret's value.
 */
export class OperationError extends Error implements ErrorParts {
  public override readonly name = "OperationError";
  public readonly found?: string;
  public readonly next?: string;

  public constructor(message: string, { found, next, ...options }: ErrorParts & ErrorOptions = {}) {
    super(message, options);
    this.found = found;
    this.next = next;
  }
}
