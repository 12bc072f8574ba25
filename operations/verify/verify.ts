import type { ApplicationRelease } from "../../applications/application";
import {
  type Answer,
  type DeployedRelease,
  failed,
  notChecked,
  type Question,
} from "../../applications/question";
import { mainPods } from "../../applications/release-url";
import { releasesOf } from "../../applications/releases";
import { kubectlCommand } from "../cluster/kubectl-command";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import type { Addresses } from "./addresses";
import { type Backend, backend } from "../releases/backend";
import { deployedRelease } from "./deployed-release";
import { UnaskedError } from "./unasked-error";
import type { Verification } from "./verification";

export interface VerifyProps {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Environment;
  /** Through which addresses releases are asked. @default - each through a port-forward */
  readonly addresses?: Addresses;
}

/**
 * Asks every release of the deployed platform what its application asks of it, whether it does its work. Changes nothing but
 * which model is in memory.
 */
export async function verify(props: VerifyProps): Promise<Verification[]> {
  const releases = releasesOf(props.environment);
  return (await Promise.all(releases.map((release) => verifyRelease(props, release, releases)))).flat();
}

async function verifyRelease(
  { root, environment, addresses = {} }: VerifyProps,
  release: ApplicationRelease,
  releases: readonly ApplicationRelease[],
): Promise<Verification[]> {
  const { name, namespace, application } = release;
  const questions = application.questions?.(release, releases) ?? [];
  if (!questions.length) {
    const nothing = `it is asked nothing: applications/${application.name}.ts has no questions`;
    return [{ release: name, name, ...notChecked(nothing) }];
  }
  const pod = await found(backend(root, environment, { namespace, service: application.service(name) }));
  const deployed = { release, pod, kubectl: kubectlCommand(environment) };
  const address = addresses[name];
  if (address !== undefined) {
    const fix = `npm run doctor -- --environment ${environment.name} says whether the host resolves and something serves the ingress`;
    return askAll(questions, name, deployedRelease({ ...deployed, endpoint: { address } }), fix);
  }
  if (pod instanceof OperationError)
    return [{ release: name, name, ...failed(pod.found ?? pod.message, pod.next) }];
  return pod.forward(mainPods(application).port, (forwarded, fault) => {
    const reached = deployedRelease({ ...deployed, endpoint: { address: forwarded, fault } });
    return askAll(questions, name, reached, reached.logs);
  });
}

/** One after the other: what one asks for, such as a model in memory, the next looks at. */
async function askAll(
  questions: readonly Question[],
  release: string,
  deployed: DeployedRelease,
  fix: string,
): Promise<Verification[]> {
  const checks: Verification[] = [];
  for (const question of questions) {
    const name = `${release} ${question.name}`;
    checks.push({ release, name, ...(await ask(question, deployed, fix)) });
  }
  return checks;
}

async function ask(question: Question, deployed: DeployedRelease, fix: string): Promise<Answer> {
  try {
    return await question.ask(deployed);
  } catch (error) {
    if (error instanceof UnaskedError) return notChecked(error.message);
    if (error instanceof OperationError) {
      return failed(error.found ?? error.message, error.next ?? question.fix?.(deployed) ?? fix);
    }
    throw error;
  }
}

async function found(pod: Promise<Backend>): Promise<Backend | OperationError> {
  try {
    return await pod;
  } catch (error) {
    if (error instanceof OperationError) return error;
    throw error;
  }
}
