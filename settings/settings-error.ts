/**
 * A mistake in a file or variable that the user owns: printed as it is, without a stack trace.
 *
 * The message says what is wrong, what was found, what is allowed, and what to do next; it never holds a secret's value.
 */
export class SettingsError extends Error {
  public override readonly name = "SettingsError";
}
