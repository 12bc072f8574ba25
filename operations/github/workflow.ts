/** What a job of a workflow works on. */
export interface Workflow {
  /** The repository, absolute. */
  readonly root: string;
  /** Name of the environment. */
  readonly environment: string;
  /** The variables of the workflow. */
  readonly variables: NodeJS.ProcessEnv;
}
