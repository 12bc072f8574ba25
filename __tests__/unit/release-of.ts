import type { ApplicationRelease, CommonSettings } from "../../applications/application";
import { releasesOf } from "../../applications/releases";
import type { Environment } from "../../settings/environment";

/** A release of an environment by its name; a test whose release has gone fails. */
export function releaseOf<Own extends CommonSettings = CommonSettings>(
  environment: Pick<Environment, "name" | "applications">,
  name: string,
): ApplicationRelease<Own> {
  const found = releasesOf(environment).find((release) => release.name === name);
  if (!found) throw new Error(`${environment.name} has no release ${name}`);
  return found as unknown as ApplicationRelease<Own>;
}
