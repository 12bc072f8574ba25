import { librechatPorts } from "../../applications/librechat";
import { ollamaPort } from "../../applications/ollama";
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
  /** Where LibreChat's own configuration says that Ollama is, such as `http://ollama.ollama.svc.cluster.local:11434/v1`. */
  readonly ollamaFromLibrechat: string;
  /** LibreChat's address as users have it. Default: a port-forward */
  readonly librechatUrl?: string;
  /** Ollama's address as users have it. Default: a port-forward */
  readonly ollamaUrl?: string;
}

const reach = "librechat reaches ollama";

/** Asks the deployed platform whether it does its work. Changes nothing but which model is in memory. */
export async function verify(props: VerifyProps): Promise<Verification[]> {
  const { root, environment } = props;
  const [ollama, librechat] = await Promise.all([
    found(backend(root, environment, { namespace: "ollama", service: "ollama" })),
    found(backend(root, environment, { namespace: "librechat", service: "librechat-librechat" })),
  ]);
  const [fromOllama, fromLibrechat, between] = await Promise.all([
    askOllama(props, ollama),
    askLibrechat(props, librechat),
    askBetween(props, librechat),
  ]);
  return [...fromOllama, ...fromLibrechat, between];
}

async function askOllama(
  { environment, ollamaUrl }: VerifyProps,
  pod: Backend | OperationError,
): Promise<Verification[]> {
  const logs = `${kubectlCommand(environment)} --namespace ollama logs deploy/ollama`;
  if (ollamaUrl !== undefined) {
    const simulated = !(pod instanceof OperationError) && pod.simulated;
    return ollamaChecks({ address: ollamaUrl, environment, simulated, fix: ingress(environment) });
  }
  if (pod instanceof OperationError) return [failed("ollama", pod.found ?? pod.message, pod.next)];
  return pod.forward(ollamaPort, (address, fault) =>
    ollamaChecks({ address, environment, simulated: pod.simulated, fault, fix: logs }),
  );
}

async function askLibrechat(
  { environment, librechatUrl }: VerifyProps,
  pod: Backend | OperationError,
): Promise<Verification[]> {
  const logs = `${kubectlCommand(environment)} --namespace librechat logs deploy/librechat-librechat`;
  if (librechatUrl !== undefined) return librechatChecks({ address: librechatUrl }, ingress(environment));
  if (pod instanceof OperationError) return [failed("librechat", pod.found ?? pod.message, pod.next)];
  if (pod.simulated) {
    return librechatQuestions.map((name) => notChecked(name, "the pod is simulated: nothing runs in it"));
  }
  return pod.forward(librechatPorts.web, (address, fault) => librechatChecks({ address, fault }, logs));
}

async function askBetween(
  { environment, ollamaFromLibrechat }: VerifyProps,
  pod: Backend | OperationError,
): Promise<Verification> {
  if (pod instanceof OperationError) return notChecked(reach, "there is no pod of LibreChat to ask from");
  if (pod.simulated) return notChecked(reach, "the pod is simulated: nothing runs in it");
  try {
    const models = await pod.run(askFromLibrechat(ollamaFromLibrechat));
    return passed(reach, `${ollamaFromLibrechat}/models lists ${models.trim() || "no model"} to it`);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return failed(
      reach,
      `${ollamaFromLibrechat}/models, asked from ${pod.pod.name}: ${error.message}`,
      `${kubectlCommand(environment)} --namespace ollama get networkpolicy,service,endpointslices`,
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
