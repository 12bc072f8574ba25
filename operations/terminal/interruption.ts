import { InterruptedError } from "../errors/interrupted-error";

/** What Ctrl-C and CI's cancelling do to work that must not be cut off half-way. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** While `work` runs, the first signal is passed on to the process, which is waited for. */
  passOn<Result>(child: Interruptible, work: Promise<Result>): Promise<Result>;
  /**
   * For work that may be left at any moment.
   *
   * @param left what has become of the rest, in a sentence. @default "nothing was changed"
   * @throws InterruptedError as soon as there is a signal
   */
  orInterrupted<Result>(work: Promise<Result>, left?: string): Promise<Result>;
  /** Does what the first signal does, for another reason, which is said. */
  stop(reason: string): void;
}

/** A process that ends by itself when it is told to. */
export interface Interruptible {
  /** Such as `terraform`. */
  readonly name: string;
  readonly interrupt: () => void;
}

/** What ends a process, and the exit code by which shells tell of it. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const brokenPipe = 128 + 13;

/** What is said to a reader that has gone, and to a terminal that was closed. */
const nobodyListens = ["EPIPE", "EIO", "ECONNRESET"];

/** npm passes a Ctrl-C on that the terminal has already sent to all. */
const sameSignalMs = 1000;

let current:
  | { readonly interruption: Interruption; readonly onSignal: () => void; say: (line: string) => void }
  | undefined;

/** Whether this process changes something, and need not be listened to. */
let isChanging = false;

/**
 * Says what signals and closed streams do to this process, once and for all that it does. Work that must not be cut off half-way
 * is {@link interruptible}; everything else ends at once, and without a word.
 */
export function handleInterruptions(): void {
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => (current ? current.onSignal() : process.exit(exitCodes[name])));
  }
  process.on("SIGHUP", () => gone(exitCodes.SIGHUP));
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (!nobodyListens.includes(error.code ?? "")) throw error;
      gone(brokenPipe);
    });
  }
}

/** The terminal was closed, or the reader of what is written has gone. */
function gone(exitCode: number): void {
  if (isChanging) return;
  if (current) current.interruption.stop("stopping");
  else process.exit(exitCode);
}

/** Says that this process changes something, so that it goes on to its end where nobody listens any more. */
export function goOnUnheard(): void {
  isChanging = true;
}

/**
 * Does work that must not be cut off half-way: the first signal is passed on once to whatever runs, which is waited for;
 * later ones are refused. Inside of itself it is the same interruption.
 *
 * @param say takes one line for people
 */
export async function interruptible<Result>(
  say: (line: string) => void,
  work: (interruption: Interruption) => Promise<Result>,
): Promise<Result> {
  const outer = current?.say;
  current ??= begin(say);
  current.say = say;
  try {
    return await work(current.interruption);
  } finally {
    if (outer) current.say = outer;
    else current = undefined;
  }
}

function begin(say: (line: string) => void): NonNullable<typeof current> {
  const controller = new AbortController();
  let child: Interruptible | undefined;
  let first = 0;
  const interrupted = new Promise<never>((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(new InterruptedError("interrupted")));
  });
  // Nobody may be waiting for it.
  interrupted.catch(() => undefined);
  const stop = (reason: string): void => {
    first = Date.now();
    begun.say(
      child
        ? `${reason}: waiting for ${child.name} to end; a second Ctrl-C is refused`
        : `${reason}; a second Ctrl-C is refused`,
    );
    controller.abort();
    child?.interrupt();
  };
  const onSignal = (): void => {
    if (!first) return stop("stopping");
    if (Date.now() - first <= sameSignalMs) return;
    begun.say(
      child
        ? `refused: ${child.name} has been told to stop ${Math.round((Date.now() - first) / 1000)} s ago;\nkilled now, it would leave a release pending, on which every deploy fails`
        : "refused: it is stopping already",
    );
  };
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
    orInterrupted: async (running, left = "nothing was changed") => {
      const stopped = interrupted.catch(() => {
        throw new InterruptedError(`interrupted: ${left}`);
      });
      return first ? stopped : Promise.race([running, stopped]);
    },
    stop: (reason) => {
      if (!first) stop(reason);
    },
  };
  const begun = { interruption, onSignal, say };
  return begun;
}
