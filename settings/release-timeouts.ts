/**
 * How long the pods of a release may take to become ready, in seconds. Helm gives up then, and a release that is pending
 * for longer has nobody who works on it.
 */
export const releaseTimeouts: { readonly [release: string]: number } = {
  // A pod is ready only after it has pulled every model.
  ollama: 1800,
  librechat: 900,
};

/** For every other release. */
export const defaultReleaseTimeout = 600;

/** The time-out of a release by its name, in seconds. */
export function releaseTimeout(release: string): number {
  return releaseTimeouts[release] ?? defaultReleaseTimeout;
}
