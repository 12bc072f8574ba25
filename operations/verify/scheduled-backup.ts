import type { V1CronJob } from "@kubernetes/client-node";
import type { ApplicationRelease } from "../../applications/application";
import { type Answer, failed, notChecked, passed } from "../../applications/question";
import type { Environment } from "../../settings/environment";
import { clusterError } from "../cluster/api-error";
import { connect } from "../cluster/kubeconfig";
import { kubectlCommand } from "../cluster/kubectl-command";
import { KubernetesApi } from "../cluster/kubernetes-api";

/**
 * Whether the backups that a release makes by itself are made: nobody else looks, until one is needed.
 *
 * @param root the repository, absolute
 * @returns nothing where it makes none
 */
export async function scheduledBackup(
  root: string,
  environment: Environment,
  release: ApplicationRelease,
): Promise<Answer | undefined> {
  const backup = release.application.backup?.(release);
  if (!backup?.isScheduled) return undefined;
  const { namespace } = release;
  const name = `CronJob ${namespace}/${backup.cronJob}`;
  try {
    const api = new KubernetesApi(connect(root, environment));
    const cronJob = await api.find<V1CronJob>(
      `/apis/batch/v1/namespaces/${namespace}/cronjobs/${backup.cronJob}`,
    );
    return cronJob
      ? lastBackup(cronJob, `${kubectlCommand(environment)} -n ${namespace}`)
      : failed(`${name} is not there`, `npm run deploy -- --environment ${environment.name}`);
  } catch (error) {
    return notChecked(clusterError(name, error, environment).message);
  }
}

/** What came of the last one. @param kubectl how a command for people begins that asks its namespace */
export function lastBackup({ spec, status = {} }: V1CronJob, kubectl: string): Answer {
  const [due, succeeded] = [status.lastScheduleTime, status.lastSuccessfulTime].map(
    (time) => time && new Date(time).toISOString(),
  );
  const before = succeeded ? `the last one that succeeded ended at ${succeeded}` : "none has succeeded yet";
  if (!due) return notChecked("none was due yet");
  if (status.active?.length) return notChecked(`the one of ${due} is being made; ${before}`);
  if (succeeded && succeeded >= due) return passed(before);
  const labels = Object.entries(spec?.jobTemplate.spec?.template.metadata?.labels ?? {});
  const selector = labels.map((label) => label.join("=")).join();
  return failed(`the one of ${due} failed; ${before}`, `${kubectl} logs --tail=20 --selector ${selector}`);
}
