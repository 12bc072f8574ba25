import { releaseUrl } from "../../applications/release-url";
import { releasesOf } from "../../applications/releases";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import { nearest } from "../../settings/nearest";

/** What `--url` stands for where nothing is named after it. */
export const everyIngress = "ingress";

/** `RELEASE=ADDRESS`: an address alone has a colon before any `=`. */
const ofRelease = /^([^:=]*)=(.*)$/;

/** Addresses as users have them, without a slash at the end, by release. */
export type Addresses = { readonly [release: string]: string };

/**
 * The addresses through which releases are asked; a release without one is asked through a port-forward.
 *
 * @param urls what was given with `--url`, once or more often: `RELEASE=ADDRESS` for that release alone; {@link everyIngress}
 * for that of every release that has one; an address for the same, and for the one release that asks users who they are
 * @throws OperationError for what is none of these, or what the environment does not have
 */
export function addresses(environment: Environment, urls: readonly string[]): Addresses {
  const file = `environments/${environment.name}.yaml`;
  const releases = releasesOf(environment);
  const names = releases.map(({ name }) => name).join(", ");
  const exposed = releases.filter(({ own }) => own.ingress);
  if (urls.includes(everyIngress) && !exposed.length) {
    throw new OperationError(
      `--url: ${file} exposes no release, there is no ingress in applications: name an address after it, or leave it out for port-forwards`,
    );
  }
  const named = urls.filter((text) => text !== everyIngress);
  const pairs = named.map((text): [string, string] => {
    const [, name, address = text] = ofRelease.exec(text) ?? [];
    if (!/^https?:\/\//.test(address) || !URL.canParse(address)) {
      throw new OperationError(
        `--url: found ${text}, expected an address such as http://chat.example.com, or RELEASE=ADDRESS (releases: ${names})`,
      );
    }
    const release = name ?? asksUsers(environment);
    if (!releases.some((one) => one.name === release)) {
      const meant = nearest(
        release,
        releases.map((one) => one.name),
      );
      throw new OperationError(
        `--url: found ${text}, and ${file} has no release ${release}${meant ? `, did you mean ${meant}?` : ""} (there are: ${names})`,
      );
    }
    return [release, address.replace(/\/+$/, "")];
  });
  return {
    ...(urls.some((text) => !ofRelease.test(text)) &&
      Object.fromEntries(exposed.map((release) => [release.name, releaseUrl(release).url]))),
    ...Object.fromEntries(pairs),
  };
}

/** The one release that asks users who they are: an address without a name is its. */
function asksUsers(environment: Environment): string {
  const releases = releasesOf(environment).filter(({ application }) => application.guard === "login");
  const [only] = releases;
  if (only && releases.length === 1) return only.name;
  const which = releases.length
    ? `${releases.length} releases ask users who they are (${releases.map(({ name }) => name).join(", ")})`
    : "no release asks users who they are";
  throw new OperationError(
    `--url: in environments/${environment.name}.yaml ${which}: say whose address it is: --url RELEASE=ADDRESS`,
  );
}
