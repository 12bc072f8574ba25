import type { ApplicationRelease } from "../../applications/application";
import { type DeployedRelease, failed, notChecked } from "../../applications/question";
import { mainPods } from "../../applications/release-url";
import { releasesOf } from "../../applications/releases";
import { kubectlCommand } from "../cluster/kubectl-command";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import type { Addresses } from "./addresses";
import { type Backend, backend } from "../releases/backend";
import { askInOrder } from "./ask-in-order";
import { deployedRelease } from "./deployed-release";
import { scheduledBackup } from "./scheduled-backup";
import type { Verification } from "./verification";

export interface VerifyProps {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Environment;
  /** Through which addresses releases are asked. @default - each through a port-forward */
  readonly addresses?: Addresses;
  /** Whether somebody is made who uses it as people do, and is deleted again. @default false */
  readonly visits?: boolean;
  /** Whether the last backup of a schedule is looked at. @default false */
  readonly backups?: boolean;
  /** After which no further question is put, and what was made is taken away. @default - all are put */
  readonly signal?: AbortSignal;
}

/**
 * Asks every release of the deployed platform what its application asks of it, whether it does its work. Of what it changes
 * nothing is left but which model is in memory.
 */
export async function verify(props: VerifyProps): Promise<Verification[]> {
  const releases = releasesOf(props.environment);
  const { root, environment, backups = false } = props;
  const verified = releases.map(async (release) => {
    const [asked, backup] = await Promise.all([
      verifyRelease(props, release, releases),
      backups ? scheduledBackup(root, environment, release) : undefined,
    ]);
    const { name } = release;
    return [...asked, ...(backup ? [{ release: name, name: `${name} scheduled backup`, ...backup }] : [])];
  });
  return (await Promise.all(verified)).flat();
}

async function verifyRelease(
  { root, environment, addresses = {}, visits = false, signal }: VerifyProps,
  release: ApplicationRelease,
  releases: readonly ApplicationRelease[],
): Promise<Verification[]> {
  const { name, namespace, application } = release;
  const questions = application.questions?.(release, releases) ?? [];
  const visit = visits ? application.visit?.(release) : undefined;
  if (!questions.length && !visit) {
    const nothing = `it is asked nothing: applications/${application.name}.ts has no questions`;
    return [{ release: name, name, ...notChecked(nothing) }];
  }
  const pod = await found(backend(root, environment, { namespace, service: application.service(name) }));
  const deployed = { release, pod, kubectl: kubectlCommand(environment) };
  const askAll = (reached: DeployedRelease, fix: string): Promise<Verification[]> =>
    askInOrder(name, { questions, visit, signal }, reached, fix);
  const address = addresses[name];
  if (address !== undefined) {
    const fix = `npm run doctor -- --environment ${environment.name} says whether the host resolves and something serves the ingress`;
    return askAll(deployedRelease({ ...deployed, endpoint: { address } }), fix);
  }
  if (pod instanceof OperationError)
    return [{ release: name, name, ...failed(pod.found ?? pod.message, pod.next) }];
  return pod.forward(mainPods(application).port, (forwarded, fault) => {
    const reached = deployedRelease({ ...deployed, endpoint: { address: forwarded, fault } });
    return askAll(reached, reached.logs);
  });
}

async function found(pod: Promise<Backend>): Promise<Backend | OperationError> {
  try {
    return await pod;
  } catch (error) {
    if (error instanceof OperationError) return error;
    throw error;
  }
}
