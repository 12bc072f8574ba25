/** A program that runs in a pod of a release, and what it is told there. */
export interface PodProgram {
  /** Program and arguments: whoever sees the processes of its node reads them, so that none is a password. */
  readonly command: readonly string[];
  /** Lines for its standard input, in this order: each is written once it has asked. @default - it reads nothing */
  readonly answers?: readonly { readonly asked: string; readonly line: string }[];
  /** How long it may take, in milliseconds. @default 20000 */
  readonly timeoutMs?: number;
}

/** How a program ended by itself, and what it wrote. */
export interface PodRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in a ready pod of a release, to its end. One that cannot be run is an error. */
export type RunInPod = (program: PodProgram) => Promise<PodRun>;
