import type { KubeConfig } from "@kubernetes/client-node";
import { clusterError, statusCode } from "../cluster/api-error";
import { connect } from "../cluster/kubeconfig";
import { kubectlCommand } from "../cluster/kubectl-command";
import { forwardToPod, readyPod, type ReadyPod, type ServiceName } from "../cluster/port-forward";
import { KubernetesApi, quickMs } from "../cluster/kubernetes-api";
import { runInPod } from "../cluster/run-in-pod";
import { isSimulatedNode } from "../cluster/simulated-node";
import { Masker } from "../secrets/masking";
import type { PodProgram } from "../../applications/pod-program";
import type { Environment } from "../../settings/environment";

/** A ready pod behind a Service, and what can be done with it. */
export type Backend = Awaited<ReturnType<typeof backend>>;

/**
 * Finds a ready pod behind a Service of the environment's cluster.
 *
 * @throws OperationError when the cluster does not answer, or there is none
 */
export async function backend(root: string, environment: Environment, service: ServiceName) {
  const connection = connect(root, environment);
  let pod: ReadyPod;
  try {
    const masker = new Masker();
    const mask = (text: string): string => masker.log(text);
    pod = await readyPod(connection, { ...service, kubectl: kubectlCommand(environment), mask });
  } catch (error) {
    throw clusterError(`service ${service.namespace}/${service.service}`, error, environment);
  }
  return {
    pod,
    /** Whether no container runs in it. */
    simulated: await onSimulatedNode(connection, pod),
    /** Runs a program in it. */
    run: (program: PodProgram) => runInPod(connection, pod, program, kubectlCommand(environment)),
    /** Makes a port of it one of 127.0.0.1, and closes it again when the work is over. */
    forward: async <T>(
      port: number,
      work: (address: string, fault: () => string | undefined) => Promise<T>,
    ): Promise<T> => {
      const forwarded = await forwardToPod(connection, pod, port);
      try {
        return await work(`http://127.0.0.1:${forwarded.port}`, forwarded.fault);
      } finally {
        forwarded.close();
      }
    },
  };
}

/** A user who may not see nodes is taken to be on a real cluster: what does not answer there has failed. */
async function onSimulatedNode(connection: KubeConfig, { node }: ReadyPod): Promise<boolean> {
  try {
    return isSimulatedNode(await new KubernetesApi(connection, quickMs).get(`/api/v1/nodes/${node}`));
  } catch (error) {
    if (statusCode(error) === undefined) throw error;
    return false;
  }
}
