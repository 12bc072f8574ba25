import type { Environment } from "../settings/environment";
import { check } from "../settings/check";
import { nearest } from "../settings/nearest";
import { SettingsError } from "../settings/settings-error";
import { applications } from "./registry";
import type { Application, ApplicationRelease } from "./application";

/** As much of an environment as says what its releases are. */
type Named = Pick<Environment, "name" | "applications">;

/** Everybody asks for them, by what the file says of them: checking a hundred takes a hundred times as long as one. */
const found = new WeakMap<Named["applications"], ReturnType<typeof findReleases>>();

/**
 * The releases of an environment that are installed, each after those that it needs; otherwise as the file has them.
 *
 * @throws SettingsError when one is of no known application, says what that one does not know, or needs what is not there or
 * what needs it
 */
export function releasesOf(environment: Named): readonly ApplicationRelease[] {
  return known(environment).installed;
}

/** @param releases that its application may need by itself */
function withNeeds(release: ApplicationRelease, releases: readonly ApplicationRelease[]): ApplicationRelease {
  const byItself = release.application.needs?.(release.own, releases) ?? [];
  return { ...release, needs: [...new Set([...byItself, ...release.needs])] };
}

/**
 * The releases that are installed, in rows: those of a row do not need each other and go side by side, each after all that it
 * needs.
 *
 * @throws SettingsError as {@link releasesOf} does
 */
export function releaseRows(environment: Named): readonly (readonly ApplicationRelease[])[] {
  const rows: ApplicationRelease[][] = [];
  for (const release of releasesOf(environment)) {
    const row = Math.max(
      0,
      ...release.needs.map((needed) => rows.findIndex((one) => one.some(({ name }) => name === needed)) + 1),
    );
    (rows[row] ??= []).push(release);
  }
  return rows;
}

/**
 * The releases of an environment that are not installed: their namespaces and claims are there, and nothing else of them.
 *
 * @throws SettingsError as {@link releasesOf} does
 */
export function keptReleasesOf(environment: Named): readonly ApplicationRelease[] {
  return known(environment).kept;
}

function known(environment: Named): ReturnType<typeof findReleases> {
  const releases = found.get(environment.applications) ?? findReleases(environment);
  found.set(environment.applications, releases);
  return releases;
}

function findReleases(environment: Named) {
  const all = parsed(environment);
  const installed = all.filter(({ own }) => own.installed);
  const releases = installed.map((release) => withNeeds(release, installed));
  const kept = keptOf(all);
  const file = fileOf(environment);
  refuseUnknownNeeds(file, releases, kept);
  return { installed: inOrder(file, releases), kept };
}

/** What they would need, were all installed. */
function keptOf(all: readonly ApplicationRelease[]): ApplicationRelease[] {
  return all.filter(({ own }) => !own.installed).map((release) => withNeeds(release, all));
}

function fileOf({ name }: Named): string {
  return `environments/${name}.yaml`;
}

/** Each release by itself, as the file has them. What is wrong with any of them is said in one go. */
function parsed(environment: Named): readonly ApplicationRelease[] {
  const file = fileOf(environment);
  const faults: string[] = [];
  const releases = Object.entries(environment.applications).flatMap(([name, raw]): ApplicationRelease[] => {
    try {
      const application = applicationOf(file, name, raw);
      const own = check(application.settings, raw, file, ["applications", name]);
      faults.push(...unknownPods(application, own).map((fault) => `${file}: applications.${name}.${fault}`));
      return [{ name, namespace: own.namespace ?? name, application, own, needs: own.needs }];
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      faults.push(error.message);
      return [];
    }
  });
  faults.push(...takenFaults(releases).map((fault) => `${file}: ${fault}`));
  if (faults.length) throw new SettingsError(faults.join("\n"));
  return releases;
}

/** Pods that are let out and that the application does not have. */
function unknownPods(
  { title, pods, clients = {} }: Application,
  { egress }: ApplicationRelease["own"],
): string[] {
  const known = [...Object.keys(pods), ...Object.keys(clients)];
  return egress.flatMap(({ pods: named }, i) =>
    named === undefined || known.includes(named)
      ? []
      : [
          `egress[${i}].pods: found ${JSON.stringify(named)}, which are no pods of ${title} (there are: ${known.join(", ")})`,
        ],
  );
}

/** The namespaces of an environment's releases, and then of those that are not installed: they are there, too. */
export function namespacesOf(environment: Named): readonly string[] {
  return [...releasesOf(environment), ...keptReleasesOf(environment)].map(({ namespace }) => namespace);
}

function applicationOf(file: string, release: string, raw: Named["applications"][string]): Application {
  const named = raw.application;
  const wanted = named ?? release;
  const found = applications.find(({ name }) => name === wanted);
  const names = applications.map(({ name }) => name);
  if (found && release !== wanted && names.includes(release)) {
    throw new SettingsError(
      `${file}: applications.${release}.application: found ${JSON.stringify(named)}: a release that is called ${release} would have the values files of the application ${release}: call it something else`,
    );
  }
  if (found) return found;
  const typo = named === undefined && Object.keys(raw).find((key) => nearest(key, ["application"]));
  if (typo) {
    throw new SettingsError(
      `${file}: applications.${release}.${typo}: unknown key, did you mean application? (which application ${release} is: ${names.join(", ")})`,
    );
  }
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
 * Two releases of one namespace would take each other's quota and claims, two of one host each other's requests. A namespace of
 * Kubernetes' own would be destroyed with its release.
 */
function takenFaults(releases: readonly ApplicationRelease[]): string[] {
  const faults = releases.flatMap((release, index) =>
    releases
      .slice(0, index)
      .flatMap((other) => [
        ...(other.namespace === release.namespace
          ? [
              `applications.${release.name}.namespace: ${release.namespace} is the namespace of applications.${other.name} too: give each its own`,
            ]
          : []),
        ...(release.own.installed &&
        other.own.installed &&
        release.own.ingress !== undefined &&
        other.own.ingress?.host === release.own.ingress.host
          ? [
              `applications.${release.name}.ingress.host: found ${JSON.stringify(release.own.ingress.host)}: is the host of applications.${other.name} too: give each its own`,
            ]
          : []),
      ]),
  );
  for (const { name, namespace } of releases) {
    const where = `applications.${name}${namespace === name ? "" : ".namespace"}`;
    if (/^(default|kube-.*)$/.test(namespace)) {
      faults.push(`${where}: the namespace ${namespace} is Kubernetes' own: name another`);
    }
  }
  return faults;
}

/**
 * What is installed needs what is installed, and what is not must not name what there is not.
 *
 * @param kept those that are not installed
 */
function refuseUnknownNeeds(
  file: string,
  releases: readonly ApplicationRelease[],
  kept: readonly ApplicationRelease[],
): void {
  const installed = releases.map(({ name }) => name);
  const every = [...installed, ...kept.map(({ name }) => name)];
  const faults = [...releases, ...kept].flatMap(({ name, own, needs }) => {
    const names = own.installed ? installed : every;
    return needs
      .filter((needed) => !names.includes(needed))
      .map((needed) => {
        const start = `${file}: applications.${name}: needs ${needed}, which is`;
        if (every.includes(needed)) {
          return `${start} not installed: install it (applications.${needed}.installed), or remove the need`;
        }
        const meant = nearest(needed, names);
        return `${start} no release of this environment${meant ? `, did you mean ${meant}?` : ""} (there are: ${names.join(", ")})`;
      });
  });
  if (faults.length) throw new SettingsError(faults.join("\n"));
}

/** Each after those that it needs: Kahn's algorithm, which keeps the order of the file where it may. */
function inOrder(file: string, releases: readonly ApplicationRelease[]): readonly ApplicationRelease[] {
  const ordered: ApplicationRelease[] = [];
  let left = releases;
  while (left.length > 0) {
    const next = left.find(({ needs }) =>
      needs.every((needed) => ordered.some(({ name }) => name === needed)),
    );
    if (!next) {
      throw new SettingsError(
        `${file}: applications: ${circle(left).join(", ")}: remove one of these needs from the file`,
      );
    }
    ordered.push(next);
    left = left.filter((release) => release !== next);
  }
  return ordered;
}

/** The needs that lead back to where they began, each with who says it: the file, or the application by itself. */
function circle(releases: readonly ApplicationRelease[]): string[] {
  const way: ApplicationRelease[] = [];
  let at = releases[0];
  while (at && !way.includes(at)) {
    way.push(at);
    const { needs } = at;
    at = releases.find(({ name }) => needs.includes(name));
  }
  const round = at ? way.slice(way.indexOf(at)) : way;
  return round.map(({ name, application, own }, i) => {
    const needed = round[(i + 1) % round.length]?.name ?? "";
    const says = own.needs.includes(needed) ? `applications.${name}.needs` : `${application.title} by itself`;
    return `${name} needs ${needed} (${says})`;
  });
}
