import type { ApplicationRelease } from "../../applications/application";
import { librechat } from "../../applications/librechat";
import { ollamaReleases, type OllamaSettings } from "../../applications/ollama";
import { releasesOf } from "../../applications/releases";
import { clusterUrl, mainPods } from "../../applications/release-url";
import { kubectlCommand } from "../cluster/kubectl-command";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import { failed, notChecked, passed, type Verification } from "./check";
import { type Backend, backend } from "./cluster-side";
import { askFromLibrechat } from "./from-librechat";
import { librechatChecks, librechatQuestions } from "./librechat";
import { ollamaChecks } from "./ollama";

export interface VerifyProps {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Environment;
  /** LibreChat's address as users have it. @default - a port-forward */
  readonly librechatUrl?: string;
  /** Address, as users have it, of the first Ollama that has an ingress, or else of the first. @default - a port-forward */
  readonly ollamaUrl?: string;
}

/** Asks the deployed platform whether it does its work. Changes nothing but which model is in memory. */
export async function verify(props: VerifyProps): Promise<Verification[]> {
  const { root, environment } = props;
  const releases = releasesOf(environment);
  const models = ollamaReleases(releases);
  const chats = releases.filter(({ application }) => application === librechat);
  const podOf = ({
    name,
    namespace,
    application,
  }: Pick<ApplicationRelease, "name" | "namespace"> & {
    application: Pick<ApplicationRelease["application"], "service">;
  }) => found(backend(root, environment, { namespace, service: application.service(name) }));
  const [ofModels, ofChats] = await Promise.all([
    Promise.all(models.map(podOf)),
    Promise.all(chats.map(podOf)),
  ]);
  const addressed = models.find(({ own }) => own.ingress) ?? models[0];
  const several = models.length > 1 || chats.length > 1;
  const asked = await Promise.all([
    ...models.map(async (release, i) => {
      const pod = ofModels[i] as Backend | OperationError;
      return named(
        several,
        release.name,
        await askOllama(
          { environment, ...(release === addressed && { ollamaUrl: props.ollamaUrl }) },
          release,
          pod,
        ),
      );
    }),
    ...chats.flatMap((release, i) => {
      const pod = ofChats[i] as Backend | OperationError;
      return [
        askLibrechat(props, release, pod).then((checks) => named(several, release.name, checks)),
        ...models
          .filter(({ name }) => release.needs.includes(name))
          .map(async (model) => [await askBetween(environment, release, model, pod)]),
      ];
    }),
  ]);
  return asked.flat();
}

/** Where there are several releases of one application each question says of which it is. */
function named(several: boolean, release: string, checks: Verification[]): Verification[] {
  return several ? checks.map((check) => ({ ...check, name: `${release}: ${check.name}` })) : checks;
}

async function askOllama(
  { environment, ollamaUrl }: Pick<VerifyProps, "environment" | "ollamaUrl">,
  release: ApplicationRelease<OllamaSettings>,
  pod: Backend | OperationError,
): Promise<Verification[]> {
  const { name, namespace, application } = release;
  const service = application.service(name);
  const logs = `${kubectlCommand(environment)} --namespace ${namespace} logs deploy/${service}`;
  if (ollamaUrl !== undefined) {
    const simulated = !(pod instanceof OperationError) && pod.simulated;
    return ollamaChecks({ address: ollamaUrl, environment, release, simulated, fix: ingress(environment) });
  }
  if (pod instanceof OperationError) return [failed(name, pod.found ?? pod.message, pod.next)];
  return pod.forward(mainPods(application).port, (address, fault) =>
    ollamaChecks({ address, environment, release, simulated: pod.simulated, fault, fix: logs }),
  );
}

async function askLibrechat(
  { environment, librechatUrl }: VerifyProps,
  { name, namespace, application }: ApplicationRelease,
  pod: Backend | OperationError,
): Promise<Verification[]> {
  const service = application.service(name);
  const logs = `${kubectlCommand(environment)} --namespace ${namespace} logs deploy/${service}`;
  if (librechatUrl !== undefined) return librechatChecks({ address: librechatUrl }, ingress(environment));
  if (pod instanceof OperationError) return [failed(name, pod.found ?? pod.message, pod.next)];
  if (pod.simulated) {
    return librechatQuestions.map((question) =>
      notChecked(question, "the pod is simulated: nothing runs in it"),
    );
  }
  return pod.forward(mainPods(application).port, (address, fault) =>
    librechatChecks({ address, fault }, logs),
  );
}

async function askBetween(
  environment: Environment,
  from: ApplicationRelease,
  to: ApplicationRelease<OllamaSettings>,
  pod: Backend | OperationError,
): Promise<Verification> {
  const reach = `${from.name} reaches ${to.name}`;
  if (pod instanceof OperationError)
    return notChecked(reach, `there is no pod of ${from.application.title} to ask from`);
  if (pod.simulated) return notChecked(reach, "the pod is simulated: nothing runs in it");
  const address = `${clusterUrl(to)}/v1`;
  try {
    const models = await pod.run(askFromLibrechat(address));
    return passed(reach, `${address}/models lists ${models.trim() || "no model"} to it`);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return failed(
      reach,
      `${address}/models, asked from ${pod.pod.name}: ${error.message}`,
      `${kubectlCommand(environment)} --namespace ${to.namespace} get networkpolicy,service,endpointslices`,
    );
  }
}

function ingress({ name }: Environment): string {
  return `npm run doctor -- --environment ${name} says whether the host resolves and something serves the ingress`;
}

async function found(pod: Promise<Backend>): Promise<Backend | OperationError> {
  try {
    return await pod;
  } catch (error) {
    if (error instanceof OperationError) return error;
    throw error;
  }
}
