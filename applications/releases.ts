import type { Environment } from "../settings/environment";
import { check } from "../settings/check";
import { credentialsNamespace } from "../settings/credentials";
import { nearest } from "../settings/nearest";
import { SettingsError } from "../settings/settings-error";
import { applications } from "./registry";
import type { Application, ApplicationRelease } from "./application";

/**
 * The releases of an environment, each after those that it needs; otherwise as the file has them.
 *
 * @throws SettingsError when one is of no known application, says what that one does not know, or needs what is not there or
 * what needs it
 */
export function releasesOf(
  environment: Pick<Environment, "name" | "applications">,
): readonly ApplicationRelease[] {
  const file = `environments/${environment.name}.yaml`;
  const parsed = Object.entries(environment.applications).map(([name, raw]) => {
    const application = applicationOf(file, name, raw.application);
    const own = check(application.settings, raw, file, ["applications", name]);
    return { name, namespace: own.namespace ?? name, application, own, needs: own.needs };
  });
  refuseTaken(file, parsed);
  const releases = parsed.map((release) => ({
    ...release,
    needs: [...new Set([...(release.application.needs?.(release.own, parsed) ?? []), ...release.needs])],
  }));
  return inOrder(file, releases);
}

/** The namespaces of an environment's releases. */
export function namespacesOf(environment: Pick<Environment, "name" | "applications">): readonly string[] {
  return releasesOf(environment).map(({ namespace }) => namespace);
}

function applicationOf(file: string, release: string, named: string | undefined): Application {
  const wanted = named ?? release;
  const found = applications.find(({ name }) => name === wanted);
  if (found) return found;
  const names = applications.map(({ name }) => name);
  const meant = nearest(wanted, names);
  const key = named === undefined ? `applications.${release}` : `applications.${release}.application`;
  throw new SettingsError(
    `${file}: ${key}: ${named === undefined ? "" : `found ${JSON.stringify(named)}, `}no application is called so${meant ? `, did you mean ${meant}?` : ""} (there are: ${names.join(", ")})` +
      (named === undefined && !meant
        ? "; a release of another name says of which it is: application: NAME"
        : ""),
  );
}

/**
 * Two releases of one namespace would take each other's quota and claims, two of one host each other's requests, and the
 * credentials are in one namespace, for one release. A namespace of Kubernetes' own would be destroyed with its release.
 */
function refuseTaken(file: string, releases: readonly ApplicationRelease[]): void {
  const reader = releases.find(({ application }) => application.readsCredentials);
  const faults = releases.flatMap((release, index) =>
    releases
      .slice(0, index)
      .flatMap((other) => [
        ...(other.namespace === release.namespace
          ? [
              `applications.${release.name}.namespace: ${release.namespace} is the namespace of applications.${other.name} too: give each its own`,
            ]
          : []),
        ...(release.own.ingress !== undefined && other.own.ingress?.host === release.own.ingress.host
          ? [
              `applications.${release.name}.ingress.host: found ${JSON.stringify(release.own.ingress.host)}: is the host of applications.${other.name} too: give each its own`,
            ]
          : []),
      ]),
  );
  for (const { name, namespace, application } of releases) {
    const where = `applications.${name}${namespace === name ? "" : ".namespace"}`;
    if (/^(default|kube-.*)$/.test(namespace)) {
      faults.push(`${where}: the namespace ${namespace} is Kubernetes' own: name another`);
    }
    if (!application.readsCredentials) continue;
    if (namespace !== credentialsNamespace) {
      faults.push(
        `${where}: found ${JSON.stringify(namespace)}: the credentials, which ${application.title} reads, are in the namespace ${credentialsNamespace}: ${name === credentialsNamespace ? "remove it" : `namespace: ${credentialsNamespace}`}`,
      );
    } else if (reader?.name !== name) {
      faults.push(`${where}: ${reader?.name} reads the credentials, and one release alone may: remove one`);
    }
  }
  if (faults.length) throw new SettingsError(faults.map((fault) => `${file}: ${fault}`).join("\n"));
}

/** Each after those that it needs: Kahn's algorithm, which keeps the order of the file where it may. */
function inOrder(file: string, releases: readonly ApplicationRelease[]): readonly ApplicationRelease[] {
  const names = releases.map(({ name }) => name);
  for (const { name, needs } of releases) {
    const unknown = needs.find((needed) => !names.includes(needed));
    if (unknown === undefined) continue;
    const meant = nearest(unknown, names);
    throw new SettingsError(
      `${file}: applications.${name}: needs ${unknown}, which is no release of this environment${meant ? `, did you mean ${meant}?` : ""} (there are: ${names.join(", ")})`,
    );
  }
  const ordered: ApplicationRelease[] = [];
  let left = releases;
  while (left.length > 0) {
    const next = left.find(({ needs }) =>
      needs.every((needed) => ordered.some(({ name }) => name === needed)),
    );
    if (!next)
      throw new SettingsError(
        `${file}: applications: ${circle(left).join(" needs ")}: remove one of these needs`,
      );
    ordered.push(next);
    left = left.filter((release) => release !== next);
  }
  return ordered;
}

/** A path through the needs that comes back to where it began. */
function circle(releases: readonly ApplicationRelease[]): string[] {
  const path: string[] = [];
  let at = releases[0];
  while (at && !path.includes(at.name)) {
    path.push(at.name);
    const needs = at.needs;
    at = releases.find(({ name }) => needs.includes(name));
  }
  return at ? [...path.slice(path.indexOf(at.name)), at.name] : path;
}
