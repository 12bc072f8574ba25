/** A part of some work. */
export interface WorkPart {
  /** Seconds that it took where it was measured. Only the proportions matter after a while. */
  readonly expectedSeconds: number;
  /** How much of it is done, 0 to 1. */
  readonly fraction: number;
}

/**
 * How long work will still take, from what its parts took elsewhere and how long those before took here.
 *
 * At the beginning the other machine's seconds are believed, later more and more what is seen.
 *
 * @param parts all of them, done or not
 * @param elapsedSeconds since the first began
 */
export function remainingSeconds(parts: readonly WorkPart[], elapsedSeconds: number): number {
  const done = parts.reduce((sum, { expectedSeconds, fraction }) => sum + expectedSeconds * fraction, 0);
  const all = parts.reduce((sum, { expectedSeconds }) => sum + expectedSeconds, 0);
  return ((all - done) * (elapsedSeconds + BELIEVED_SECONDS)) / (done + BELIEVED_SECONDS);
}

const BELIEVED_SECONDS = 20;
