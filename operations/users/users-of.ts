import type { RunInPod } from "../../applications/pod-program";
import type { Users } from "../../applications/users";
import type { Environment } from "../../settings/environment";
import { OperationError } from "../errors/operation-error";
import { backend } from "../releases/backend";
import { chosenRelease } from "../releases/chosen-release";

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
  const {
    name,
    namespace,
    application,
    part: users,
  } = chosenRelease(environment, (one) => one.users, "has users", named);
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
