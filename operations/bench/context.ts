/** What every measurement takes. */
export interface BenchContext {
  /** The repository, absolute. Nothing in it is changed. */
  readonly root: string;
  /** The process's environment: CHARTS_DIR, TF_CLI_CONFIG_FILE and the like pass through. */
  readonly variables: NodeJS.ProcessEnv;
  /** How often each command is run. */
  readonly runs: number;
  /** Takes what is going on, a line at a time. */
  readonly say: (line: string) => void;
  /** Aborted when somebody wants to have it end: what was started is taken down. */
  readonly signal: AbortSignal;
}
