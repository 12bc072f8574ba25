import type { Interruption } from "../../../../operations/terminal/interruption";

/** An interruption that a test aborts. */
export function interruptionOf(signal: AbortSignal): Interruption {
  return {
    signal,
    passOn: async (child, work) => {
      signal.addEventListener("abort", child.interrupt);
      return work;
    },
    orInterrupted: (work) => work,
    stop: () => undefined,
  };
}
