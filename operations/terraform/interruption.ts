import { InterruptedError } from "../errors/interrupted-error";

/** What Ctrl-C, a closed terminal and CI's cancelling do to work that must not be cut off half-way. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** While `work` runs, the first signal is passed on to the process, which is waited for. */
  passOn<Result>(child: Interruptible, work: Promise<Result>): Promise<Result>;
  /**
   * For work that may be left at any moment.
   *
   * @throws InterruptedError as soon as there is a signal
   */
  orInterrupted<Result>(work: Promise<Result>): Promise<Result>;
}

/** A process that ends by itself when it is told to. */
export interface Interruptible {
  /** Such as `terraform`. */
  readonly name: string;
  readonly interrupt: () => void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** npm passes a Ctrl-C on that the terminal has already sent to all. */
const sameSignalMs = 1000;

let current: Interruption | undefined;

/**
 * Does work that a signal does not end: the first is passed on once to whatever runs, which is waited for; later ones are
 * refused. Inside of itself it is the same interruption.
 *
 * @param say takes one line for people
 */
export async function interruptible<Result>(
  say: (line: string) => void,
  work: (interruption: Interruption) => Promise<Result>,
): Promise<Result> {
  if (current) return work(current);
  const controller = new AbortController();
  let child: Interruptible | undefined;
  let first = 0;
  const onSignal = (): void => {
    if (!first) {
      first = Date.now();
      say(
        child
          ? `stopping: waiting for ${child.name} to end; a second Ctrl-C is refused`
          : "stopping; a second Ctrl-C is refused",
      );
      controller.abort();
      child?.interrupt();
    } else if (Date.now() - first > sameSignalMs) {
      say(
        child
          ? `refused: ${child.name} has been told to stop ${Math.round((Date.now() - first) / 1000)} s ago;\nkilled now, it would leave a release pending, on which every deploy fails`
          : "refused: it is stopping already",
      );
    }
  };
  const interrupted = new Promise<never>((_, reject) => {
    controller.signal.addEventListener("abort", () =>
      reject(new InterruptedError("interrupted: nothing was changed")),
    );
  });
  // Nobody may be waiting for it.
  interrupted.catch(() => undefined);
  const interruption: Interruption = {
    signal: controller.signal,
    passOn: async (process, running) => {
      child = process;
      try {
        return await running;
      } finally {
        child = undefined;
      }
    },
    orInterrupted: (running) => Promise.race([running, interrupted]),
  };
  for (const signal of signals) process.on(signal, onSignal);
  current = interruption;
  try {
    return await work(interruption);
  } finally {
    current = undefined;
    for (const signal of signals) process.off(signal, onSignal);
  }
}
