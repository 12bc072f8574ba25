import type { Charts } from "./chart-lock";
import type { Environment } from "./environment";
import type { ApplicationValues } from "./values";

/** What the stacks are made of, read from files. */
export interface Settings {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Environment;
  readonly charts: Charts;
  /**
   * What the values files of a release say.
   *
   * @throws SettingsError when there is none, or one is no YAML mapping
   */
  readonly values: (release: string) => ApplicationValues;
}
