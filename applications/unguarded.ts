import type { UnguardedApplication } from "../policies/rule";
import type { Environment } from "../settings/environment";
import { applications } from "./registry";
import { releasesOf } from "./releases";

/** The applications that ask nobody who they are, and where an environment has them. */
export function unguardedApplications(
  environment: Pick<Environment, "name" | "applications">,
): readonly UnguardedApplication[] {
  const releases = releasesOf(environment);
  return applications
    .filter(({ guard }) => guard === "source ranges")
    .map((application) => ({
      title: application.title,
      chart: application.chart,
      releases: releases
        .filter((release) => release.application === application)
        .map(({ name, namespace }) => ({ namespace, service: application.service(name) })),
    }));
}
