import type { V1CronJob, V1CronJobStatus } from "@kubernetes/client-node";
import { lastBackup } from "../../../../operations/verify/scheduled-backup";

/** As the API server sends it: times are text. */
const answer = (status: { readonly [field in keyof V1CronJobStatus]: unknown }) =>
  lastBackup(
    {
      spec: { jobTemplate: { spec: { template: { metadata: { labels: { app: "backup", of: "chat" } } } } } },
      status,
    } as unknown as V1CronJob,
    "kubectl -n chat",
  );

const [first, second] = ["2026-11-25T03:00:00Z", "2026-11-26T03:00:00Z"];
const ended = "2026-11-26T03:04:00Z";

test("a backup that succeeded after it was due has passed, and one that did not has failed", () => {
  expect(answer({ lastScheduleTime: second, lastSuccessfulTime: ended })).toEqual({
    result: "passed",
    found: "the last one that succeeded ended at 2026-11-26T03:04:00.000Z",
  });
  expect(answer({ lastScheduleTime: second, lastSuccessfulTime: first })).toEqual({
    result: "failed",
    found:
      "the one of 2026-11-26T03:00:00.000Z failed; the last one that succeeded ended at 2026-11-25T03:00:00.000Z",
    fix: "kubectl -n chat logs --tail=20 --selector app=backup,of=chat",
  });
  expect(answer({ lastScheduleTime: second })).toMatchObject({
    result: "failed",
    found: "the one of 2026-11-26T03:00:00.000Z failed; none has succeeded yet",
  });
});

test("a backup that is being made, or was not due yet, is neither", () => {
  expect(answer({})).toMatchObject({ result: "not checked", found: "none was due yet" });
  expect(answer({ lastScheduleTime: second, lastSuccessfulTime: first, active: [{}] })).toMatchObject({
    result: "not checked",
    found: expect.stringContaining("is being made; the last one that succeeded"),
  });
});
