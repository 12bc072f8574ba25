/** A file of this repository that holds an environment's credentials. */
export interface CredentialsStore {
  /** Relative to the repository. */
  readonly file: string;
  exists(): boolean;
  /**
   * @returns by `TF_VAR_jwt_secret` and so on
   * @throws SettingsError or OperationError when they cannot be read
   */
  read(): { readonly [variable: string]: string | undefined };
  /** Adds values that it does not hold yet; makes the file where there is none. */
  add(values: Readonly<Record<string, string>>): void;
  /** Puts a new value in the place of an old one, all at once: a reader finds the file before or after, never half of it. */
  replace(name: string, value: string): void;
}
