import type { Environment } from "../settings/environment";
import { releasesOf } from "./releases";

/** For an application that says none, and for releases of nobody, in seconds. */
const fallbackSeconds = 600;

/**
 * How long the pods of a release may take to become ready, in seconds. Helm gives up then, and a release that is pending for
 * longer has nobody who works on it.
 */
export function releaseTimeout(
  environment: Pick<Environment, "name" | "applications">,
  name: string,
): number {
  const release = releasesOf(environment).find((one) => one.name === name);
  return release?.own.timeoutSeconds ?? release?.application.timeoutSeconds ?? fallbackSeconds;
}
