import type { ApplicationRelease } from "../../applications/application";
import type { RunInPod } from "../../applications/pod-program";
import { releasesOf } from "../../applications/releases";
import type { Users } from "../../applications/users";
import type { Environment } from "../../settings/environment";
import { nearest } from "../../settings/nearest";
import { OperationError } from "../errors/operation-error";
import { backend } from "../releases/backend";

/** A release whose application has users. */
export interface ReleaseWithUsers {
  readonly name: string;
  readonly users: Users;
  /** Runs a program in its pod, which is looked for when the first is to run. */
  readonly run: RunInPod;
}

/**
 * The release whose users are meant.
 *
 * @param root the repository, absolute
 * @param named which one. @default - the only one
 * @throws OperationError when there is none, or several and none is named
 */
export function usersOf(root: string, environment: Environment, named?: string): ReleaseWithUsers {
  const { name, namespace, application, users } = chosen(environment, named);
  const service = application.service(name);
  return {
    name,
    users,
    run: async (program) => {
      const { pod, simulated, run } = await backend(root, environment, { namespace, service });
      if (!simulated) return run(program);
      throw new OperationError(
        `${pod.namespace}/${pod.name} is simulated: nothing runs in it, and it has no users; name a real cluster with --environment`,
      );
    },
  };
}

function chosen(environment: Environment, named?: string): ApplicationRelease & { readonly users: Users } {
  const file = `environments/${environment.name}.yaml`;
  const all = releasesOf(environment).flatMap((release) => {
    const { users } = release.application;
    return users ? [{ ...release, users }] : [];
  });
  const names = all.map(({ name }) => name);
  const [only, another] = all;
  if (!only) throw new OperationError(`${file}: no release that is installed has users of its own`);
  if (named === undefined && another) {
    throw new OperationError(
      `${file} has several releases with users: say which with --release (allowed: ${names.join(", ")})`,
    );
  }
  const found = all.find(({ name }) => name === (named ?? only.name));
  if (found) return found;
  const meant = nearest(named ?? "", names);
  throw new OperationError(
    `--release: found ${named}, which ${file} does not have, or which has no users${meant ? `, did you mean ${meant}?` : ""} (allowed: ${names.join(", ")})`,
  );
}
