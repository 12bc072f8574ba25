import type { Application, ApplicationRelease } from "../../applications/application";
import { releasesOf } from "../../applications/releases";
import type { Environment } from "../../settings/environment";
import { nearest } from "../../settings/nearest";
import { OperationError } from "../errors/operation-error";

/**
 * The one release whose application has something.
 *
 * @param part what of an application it is, such as its users
 * @param has what is said of one that has it, such as `has users`
 * @param named which one. @default - the only one
 * @throws OperationError when there is none, or several and none is named
 */
export function chosenRelease<Part>(
  environment: Environment,
  part: (application: Application) => Part | undefined,
  has: string,
  named?: string,
): ApplicationRelease & { readonly part: Part } {
  const file = `environments/${environment.name}.yaml`;
  const all = releasesOf(environment).flatMap((release) => {
    const found = part(release.application);
    return found === undefined ? [] : [{ ...release, part: found }];
  });
  const names = all.map(({ name }) => name);
  const [only, another] = all;
  if (!only) throw new OperationError(`${file}: no release that is installed ${has}`);
  if (named === undefined && another) {
    throw new OperationError(
      `${file}: more than one release ${has}: say which with --release (allowed: ${names.join(", ")})`,
    );
  }
  const found = all.find(({ name }) => name === (named ?? only.name));
  if (found) return found;
  const meant = nearest(named ?? "", names);
  throw new OperationError(
    `--release: found ${named}, of which ${file} says nothing, or which is none that ${has}${meant ? `, did you mean ${meant}?` : ""} (allowed: ${names.join(", ")})`,
  );
}
