import { SettingsError } from "../../settings/settings-error";

/** The message of the SettingsError that the action must throw. */
export function failure(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
}
