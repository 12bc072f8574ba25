import type { ApplicationRelease } from "../../applications/application";
import type { DeployedRelease } from "../../applications/question";
import { kubeletAway } from "../cluster/kubelet-away";
import { NoAnswerError } from "../errors/no-answer-error";
import { OperationError } from "../errors/operation-error";
import type { Backend } from "../releases/backend";
import { below, request, requestJson, requestText } from "./request";
import { UnaskedError } from "./unasked-error";

/** A server that is asked, and what leads to it. */
export interface Endpoint {
  /** Such as `http://127.0.0.1:41234`, or `https://chat.example.com/chat?team=a`. */
  readonly address: string;
  /** Why the last request did not reach it, such as a port-forward's refusal. @default - not known */
  readonly fault?: () => string | undefined;
}

export interface DeployedReleaseProps {
  readonly release: Pick<ApplicationRelease, "name" | "namespace" | "application">;
  /** Where it answers. */
  readonly endpoint: Endpoint;
  /** A ready pod of it, or why there is none. */
  readonly pod: Backend | OperationError;
  /** How a command for people begins that asks the cluster. */
  readonly kubectl: string;
}

/** Nothing of a simulated pod answers by itself. */
const simulatedPod = "the pod is simulated: nothing runs in it";

/**
 * A deployed release as its application's questions see it.
 *
 * After a request that nobody answered no other is sent: each would wait as long.
 */
export function deployedRelease({ release, endpoint, pod, kubectl }: DeployedReleaseProps): DeployedRelease {
  const { name, namespace, application } = release;
  const { title } = application;
  const simulated = !(pod instanceof OperationError) && pod.simulated;
  const inNamespace = `${kubectl} --namespace ${namespace}`;
  const service = `svc/${application.service(name)}`;
  let unanswered: UnaskedError | undefined;
  const asked = async <T>(send: () => Promise<T>): Promise<T> => {
    if (unanswered) throw unanswered;
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      const reason = endpoint.fault?.();
      const nothingBehind = simulated && reason?.includes("no forward found");
      unanswered = new UnaskedError(nothingBehind ? simulatedPod : `${title} does not answer`);
      if (nothingBehind) throw unanswered;
      const away =
        pod instanceof OperationError ? undefined : kubeletAway(reason ?? "", pod.pod.node, kubectl);
      if (away) throw away;
      // The local port of a port-forward says nothing to anybody.
      throw reason === undefined
        ? error
        : new NoAnswerError(error.asked.replace(endpoint.address, ""), reason);
    }
  };
  return {
    simulated,
    kubectl,
    exec: `${inNamespace} exec ${service} --`,
    logs: `${inNamespace} logs ${service}`,
    request: (path, options) => asked(() => request(below(endpoint.address, path), options)),
    text: (path, options) => asked(() => requestText(below(endpoint.address, path), options)),
    json: (path, options) => asked(() => requestJson(below(endpoint.address, path), options)),
    run: async (program) => {
      if (pod instanceof OperationError) throw new UnaskedError(`there is no pod of ${title} to ask from`);
      if (pod.simulated) throw new UnaskedError(simulatedPod);
      try {
        return await pod.run(program);
      } catch (error) {
        // What is wrong with its node has a way out of its own.
        if (!(error instanceof OperationError) || error.next !== undefined) throw error;
        throw new OperationError(`asked from ${pod.pod.name}: ${error.message}`);
      }
    },
  };
}
