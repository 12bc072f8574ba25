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

/** What a check finds wrong, a line each: none where it passes. What is no mistake of a user's is thrown on. */
export function faultsOf(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.message.split("\n");
  }
}

/**
 * Makes every check, whatever the others find: who mends one fault must not meet the next one behind it.
 *
 * @returns what the checks return
 * @throws SettingsError with all that they find, each line once
 */
export function together<Checks extends readonly (() => unknown)[]>(
  ...checks: Checks
): { [index in keyof Checks]: ReturnType<Checks[index]> } {
  const results: unknown[] = [];
  const faults = new Set(checks.flatMap((check, index) => faultsOf(() => (results[index] = check()))));
  if (faults.size) throw new SettingsError([...faults].join("\n"));
  return results as { [index in keyof Checks]: ReturnType<Checks[index]> };
}
