import type { V1CronJob } from "@kubernetes/client-node";
import type { ApplicationRelease } from "../../applications/application";
import { type Answer, failed, notChecked, passed } from "../../applications/question";
import type { Environment } from "../../settings/environment";
import { nextDue, timeZone } from "../../settings/schedule";
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
      ? lastBackup(cronJob, { environment, now: new Date() })
      : failed(`${name} is not there`, `npm run deploy -- --environment ${environment.name}`);
  } catch (error) {
    return notChecked(clusterError(name, error, environment).message);
  }
}

/** What came of the last one, and whether there should be another. */
export function lastBackup(
  { metadata, spec, status = {} }: V1CronJob,
  { environment, now }: { readonly environment: Pick<Environment, "name" | "cluster">; readonly now: Date },
): Answer {
  const kubectl = `${kubectlCommand(environment)} -n ${metadata?.namespace}`;
  const { lastScheduleTime: due, lastSuccessfulTime: succeeded } = status;
  const before = succeeded
    ? `the last one that succeeded ended at ${iso(succeeded)}`
    : "none has succeeded yet";
  if (spec?.suspend) {
    return failed(
      `it is suspended, and makes none; ${before}`,
      `npm run drift -- --fix --environment ${environment.name}`,
    );
  }
  if (due && status.active?.length) return notChecked(`the one of ${iso(due)} is being made; ${before}`);
  const missed = missedSince({ metadata, spec, status }, now);
  if (missed) {
    return failed(
      `the one of ${iso(missed)} was never begun, nor one since; ${before}`,
      `${kubectl} describe cronjob ${metadata?.name}`,
    );
  }
  if (!due) return notChecked("none was due yet");
  if (succeeded && new Date(succeeded) >= new Date(due)) return passed(before);
  const labels = Object.entries(spec?.jobTemplate.spec?.template.metadata?.labels ?? {});
  const selector = labels.map((label) => label.join("=")).join();
  return failed(
    `the one of ${iso(due)} failed; ${before}`,
    `${kubectl} logs --tail=20 --selector ${selector}`,
  );
}

/** How long what was due may take to show, in milliseconds. */
const patienceMs = 5 * 60_000;

/** When the next was due after the last that was begun, if that time and how late it may begin are over. */
function missedSince({ metadata, spec, status }: V1CronJob, now: Date): Date | undefined {
  // Of one from before schedules had a time zone nobody knows which it is.
  if (!spec || spec.timeZone !== timeZone) return undefined;
  // Before it had this schedule nothing was due by it.
  const changed = (metadata?.managedFields ?? []).filter(({ subresource }) => !subresource);
  const since = [metadata?.creationTimestamp, status?.lastScheduleTime, ...changed.map(({ time }) => time)]
    .flatMap((time) => (time ? [new Date(time).getTime()] : []))
    .reduce((newest, time) => Math.max(newest, time), 0);
  const due = nextDue(spec.schedule, new Date(since));
  const late = (spec.startingDeadlineSeconds ?? 0) * 1000 + patienceMs;
  return due && due.getTime() + late < now.getTime() ? due : undefined;
}

/** As the API server sends it, a time is text. */
function iso(time: Date): string {
  return new Date(time).toISOString();
}
