import { releaseUrl } from "../../applications/release-url";
import { releasesOf } from "../../applications/releases";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import { below } from "./request";
import { nearest } from "../../settings/nearest";

/** What `--url` stands for where nothing is named after it. */
export const everyIngress = "ingress";

/** Addresses as users have them, without a slash at the end, by release. */
export type Addresses = { readonly [release: string]: string };

/**
 * The addresses through which releases are asked; a release without one is asked through a port-forward.
 *
 * @param urls what was given with `--url`, once or more often: `RELEASE=ADDRESS` for that release, {@link everyIngress} for that
 * of every other release that has one
 * @throws OperationError for what is neither, or what the environment does not have
 */
export function addresses(environment: Environment, urls: readonly string[]): Addresses {
  const file = `environments/${environment.name}.yaml`;
  const releases = releasesOf(environment);
  const names = releases.map(({ name }) => name);
  const exposed = releases.filter(({ own }) => own.ingress);
  const all = urls.includes(everyIngress);
  if (all && !exposed.length) {
    throw new OperationError(
      `--url: ${file} exposes no release, there is no ingress in applications: name RELEASE=ADDRESS after it, or leave it out for port-forwards`,
    );
  }
  const given = urls.filter((text) => text !== everyIngress);
  return Object.fromEntries([
    ...(all ? exposed.map((release) => [release.name, releaseUrl(release).url]) : []),
    ...given.map((text) => {
      const [, name = "", address = ""] = /^([^:=]*)=(https?:.*)$/.exec(text) ?? [];
      if (!URL.canParse(address)) {
        throw new OperationError(
          `--url: found ${text}, expected RELEASE=ADDRESS, such as ${names[0]}=http://chat.example.com (releases: ${names.join(", ")})`,
        );
      }
      if (!names.includes(name)) {
        const meant = nearest(name, names);
        throw new OperationError(
          `--url: found ${text}, and ${file} has no release ${name}${meant ? `, did you mean ${meant}?` : ""} (there are: ${names.join(", ")})`,
        );
      }
      return [name, below(address, "")];
    }),
  ]) as Addresses;
}
