import { apiMessage, statusCode } from "../cluster/api-error";
import { kubectlCommand } from "../cluster/kubectl-command";
import type { Environment } from "../../settings/environment";
import { computeCheck, gpuChecks } from "./capacity";
import { certificateChecks } from "./certificates";
import { type Check, checkOf } from "./check";
import { deviceClaimChecks, ingressClassCheck, runtimeClassChecks, storageClassCheck } from "./classes";
import type { ClusterFacts } from "./cluster-facts";
import { contextCheck } from "./context";
import { kubernetesVersionCheck } from "./kubernetes-version";
import { networkPolicyCheck } from "./network-policies";
import type { DeployPlan } from "./plan";
import { foreignQuotaChecks } from "./quotas";
import { readCluster } from "./read-cluster";
import { rightsChecks } from "./rights";

/**
 * Everything that only the cluster knows.
 *
 * @returns where there is no connection or no answer, that one check, and one that says what was not checked for it
 */
export async function clusterChecks(
  root: string,
  environment: Environment,
  plan: DeployPlan,
): Promise<Check[]> {
  const { check, connection } = contextCheck(root, environment);
  if (!connection) return [check, unchecked("without its context")];
  const answers = checkOf("cluster", "API server");
  const server = connection.getCurrentCluster()?.server ?? "";
  let facts: ClusterFacts;
  try {
    facts = await readCluster(connection, environment, plan.namespaces);
  } catch (error) {
    const { context } = environment.cluster;
    const failed =
      statusCode(error) === undefined
        ? answers.failed(
            `${server} does not answer: ${apiMessage(error)}`,
            environment.name === "sandbox"
              ? "npm run up"
              : `start the cluster of the context ${context} (minikube start, for minikube)`,
          )
        : answers.failed(
            `${server} refused: ${apiMessage(error)}`,
            `log in to the cluster again, until this answers: ${kubectlCommand(environment)} version`,
          );
    return [check, failed, unchecked("without an answer")];
  }
  return [
    check,
    answers.ok(`${server} answers ${facts.user}`),
    kubernetesVersionCheck(facts.version, plan.charts),
    storageClassCheck(facts, environment),
    ...ingressClassCheck(facts, environment),
    ...runtimeClassChecks(facts, environment),
    ...deviceClaimChecks(facts, environment),
    networkPolicyCheck(facts, environment),
    ...rightsChecks(facts),
    ...gpuChecks(facts, environment, plan.namespaces),
    computeCheck(facts, plan.pods, plan.namespaces, environment),
    ...foreignQuotaChecks(facts, environment, plan.pods),
    ...certificateChecks(facts, environment),
  ];
}

function unchecked(why: string): Check {
  return checkOf("cluster", "what it has").notChecked(
    `${why}: rights, version, classes, NetworkPolicies, GPUs, CPU and memory, quotas, certificates`,
  );
}
