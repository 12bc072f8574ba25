/** What a command about the charts is given. */
export interface ChartsContext {
  /** The repository, absolute. */
  readonly root: string;
  /** Name of the environment. */
  readonly environment: string;
  /** A directory of chart packages. @default - the charts' repositories */
  readonly chartsDirectory?: string;
  /** The Helm program, looked for when it is needed. */
  readonly helm: () => string;
  /**
   * The program that renders charts to prove their contracts, compiled when it is needed first.
   *
   * @throws OperationError where there is no Go
   */
  readonly probe: () => Promise<string>;
  /** Whether the answer is JSON. */
  readonly json: boolean;
  /** Takes one line. */
  readonly print: (line: string) => void;
}
