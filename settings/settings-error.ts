/** What an error says, in parts: for whoever shows them each in its place. Its message has them both. */
export interface ErrorParts {
  /** What is wrong: what was found, and where. @default - the message is not known in parts */
  readonly found?: string;
  /** What to do about it, such as a command. @default - nothing that is known */
  readonly next?: string;
}

/**
 * A mistake in a file or variable that the user owns: printed as it is, without a stack trace.
 *
 * The message says what is wrong, what was found, what is allowed, and what to do next; it never holds a secret's value.
 */
export class SettingsError extends Error implements ErrorParts {
  public override readonly name = "SettingsError";
  public readonly found?: string;
  public readonly next?: string;

  public constructor(message: string, { found, next }: ErrorParts = {}) {
    super(message);
    this.found = found;
    this.next = next;
  }
}
