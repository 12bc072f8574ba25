import { SettingsError } from "../settings/settings-error";
import type { RunInPod } from "./pod-program";

/** Somebody who may log in. */
export interface User {
  /** The application's own name of it. */
  readonly id: string;
  readonly email: string;
  /** @default - it has none */
  readonly name?: string;
  /** @default - it has none */
  readonly username?: string;
  /** Who says who it is, such as `local` or `openid`. */
  readonly provider: string;
  /** When it was made, as ISO 8601. */
  readonly created: string;
}

/** Somebody who is to be one. */
export interface NewUser {
  readonly email: string;
  /** @default - made of the address */
  readonly name?: string;
  /** @default - none */
  readonly username?: string;
}

/** Nobody has the address that was named. */
export class NoSuchUserError extends SettingsError {
  public constructor(email: string) {
    super(`${email}: there is no such user (npm run users -- list shows them): nothing was changed`);
  }
}

/** The users of a release, as its application's own programs in its pod keep them. Each fails with a SettingsError. */
export interface Users {
  /** Checks somebody before anything is asked, so that no program writes down what it refuses. */
  readonly check: (user: NewUser) => void;
  /** The same for a password, which no message shows. */
  readonly checkPassword: (password: string) => void;
  readonly list: (run: RunInPod) => Promise<readonly User[]>;
  readonly create: (run: RunInPod, user: NewUser, password: string) => Promise<void>;
  readonly resetPassword: (run: RunInPod, email: string, password: string) => Promise<void>;
  /** Deletes somebody with all that is theirs. */
  readonly delete: (run: RunInPod, email: string) => Promise<void>;
}
