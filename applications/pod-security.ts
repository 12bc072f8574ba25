import type { PodSecurity } from "../constructs/app-namespace";
import type { Environment } from "../settings/environment";
import { exemptionSentences } from "../settings/rule-names";
import type { ApplicationRelease } from "./application";
import { keptReleasesOf, releasesOf } from "./releases";

/**
 * The level of Pod Security that the namespace of a release enforces.
 *
 * What is not installed has no pods. Where root may have written its claims the namespace stays open for what hands them over
 * when it comes back.
 */
export function podSecurityOf({
  application,
  own,
}: Pick<ApplicationRelease, "application" | "own">): PodSecurity {
  const isOpen = own.podSecurityBaseline !== undefined || (!own.installed && application.formerlyRoot);
  return isOpen ? "baseline" : "restricted";
}

/** Every guard of an environment that is off, and why: one sentence each, which every report has. */
export function switchedOff(
  environment: Pick<Environment, "name" | "applications" | "exemptions">,
): string[] {
  return [
    ...exemptionSentences(environment.exemptions),
    ...[...releasesOf(environment), ...keptReleasesOf(environment)]
      .filter(({ own }) => own.podSecurityBaseline !== undefined)
      .map(
        ({ namespace, own }) =>
          `the namespace ${namespace} is under Pod Security baseline, not restricted: ${own.podSecurityBaseline}`,
      ),
  ];
}
