import type { V1CronJob, V1CronJobStatus } from "@kubernetes/client-node";
import { loadEnvironment } from "../../../../applications/load-environment";
import { lastBackup } from "../../../../operations/verify/scheduled-backup";
import { repository } from "../../sample-repository";

const environment = loadEnvironment(repository, "minikube");

const [first, second] = ["2026-11-25T03:00:00Z", "2026-11-26T03:00:00Z"];
const ended = "2026-11-26T03:04:00Z";

/** As the API server sends it: times are text. */
const answer = (
  status: { readonly [field in keyof V1CronJobStatus]: unknown },
  { now = "2026-11-26T03:30:00Z", spec = {}, metadata = {} } = {},
) =>
  lastBackup(
    {
      metadata: {
        ...{ name: "chat-backup", namespace: "chat", creationTimestamp: "2026-11-25T02:00:00Z" },
        ...metadata,
      },
      spec: {
        ...{ schedule: "0 3 * * *", timeZone: "Etc/UTC", startingDeadlineSeconds: 3600 },
        jobTemplate: { spec: { template: { metadata: { labels: { app: "backup", of: "chat" } } } } },
        ...spec,
      },
      status,
    } as unknown as V1CronJob,
    { environment, now: new Date(now) },
  );

test("a backup that succeeded after it was due has passed, and one that did not has failed", () => {
  expect(answer({ lastScheduleTime: second, lastSuccessfulTime: ended })).toEqual({
    result: "passed",
    found: "the last one that succeeded ended at 2026-11-26T03:04:00.000Z",
  });
  expect(answer({ lastScheduleTime: second, lastSuccessfulTime: first })).toEqual({
    result: "failed",
    found:
      "the one of 2026-11-26T03:00:00.000Z failed; the last one that succeeded ended at 2026-11-25T03:00:00.000Z",
    fix: "kubectl --context minikube -n chat logs --tail=20 --selector app=backup,of=chat",
  });
  expect(answer({ lastScheduleTime: second })).toMatchObject({
    result: "failed",
    found: "the one of 2026-11-26T03:00:00.000Z failed; none has succeeded yet",
  });
});

test("a backup that is being made, or was not due yet, is neither", () => {
  const created = { metadata: { creationTimestamp: second } };
  expect(answer({}, created)).toMatchObject({ result: "not checked", found: "none was due yet" });
  expect(answer({ lastScheduleTime: second, lastSuccessfulTime: first, active: [{}] })).toMatchObject({
    result: "not checked",
    found: expect.stringContaining("is being made; the last one that succeeded"),
  });
});

test("a backup that was never begun has failed, once it can begin no more", () => {
  const status = { lastScheduleTime: first, lastSuccessfulTime: "2026-11-25T03:04:00Z" };
  expect(answer(status, { now: "2026-11-26T04:04:00Z" }).result).toBe("passed");
  expect(answer(status, { now: "2026-11-26T04:06:00Z" })).toEqual({
    result: "failed",
    found:
      "the one of 2026-11-26T03:00:00.000Z was never begun, nor one since; the last one that succeeded ended at 2026-11-25T03:04:00.000Z",
    fix: "kubectl --context minikube -n chat describe cronjob chat-backup",
  });
  // None at all, though it has been there for longer.
  expect(answer({})).toMatchObject({
    result: "failed",
    found: "the one of 2026-11-25T03:00:00.000Z was never begun, nor one since; none has succeeded yet",
  });
});

test("nothing is missed before a CronJob has the schedule, or by one whose time zone nobody knows", () => {
  const managed = (time: string, more = {}) => ({
    metadata: { managedFields: [{ manager: "helm", time, ...more }] },
  });
  expect(answer({}, managed(second)).result).toBe("not checked");
  // A controller that writes down what it did has not changed it.
  expect(answer({}, managed(second, { subresource: "status" })).result).toBe("failed");
  expect(answer({}, { spec: { timeZone: undefined } }).result).toBe("not checked");
});

test("a schedule that is suspended has failed, whatever came of its last backup", () => {
  expect(
    answer({ lastScheduleTime: second, lastSuccessfulTime: ended }, { spec: { suspend: true } }),
  ).toMatchObject({
    result: "failed",
    found: expect.stringContaining("it is suspended, and makes none; the last one that succeeded ended at"),
    fix: "npm run drift -- --fix --environment minikube",
  });
});
