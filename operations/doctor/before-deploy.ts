import type { Settings } from "../../settings/settings";
import type { Check } from "./check";
import { clusterChecks } from "./cluster-checks";
import { planOf } from "./plan";
import { ownQuotaChecks } from "./quotas";

const groups: readonly Check["group"][] = ["cluster", "rights", "capacity"];

/**
 * The part of the doctor that would make a deploy fail half-way: the context, the API server, rights, the version of
 * Kubernetes, classes, quotas, GPUs, and free CPU and memory. Changes nothing.
 *
 * Where the API server does not answer, that is the one check that failed.
 */
export async function checksBeforeDeploy(settings: Settings): Promise<Check[]> {
  const { environment, root } = settings;
  const plan = planOf(settings);
  const checks = [
    ...(await clusterChecks(root, environment, plan)),
    ...ownQuotaChecks(environment, plan.pods),
  ];
  return checks.filter(({ group }) => groups.includes(group));
}
