import type { DeployRecord } from "../../../../operations/cluster/deploy-record";

import { isTheirs, killedDeployers } from "../../../../operations/releases/killed-deployers";

const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const record = (time: string, changes: Partial<DeployRecord> = {}): DeployRecord => ({
  id: time,
  action: "deploy",
  who: "mira@laptop",
  host: "laptop",
  startedAt: `2026-11-20T${time}Z`,
  result: "running",
  releases: [],
  ...changes,
});

test("whoever has the lock and does not renew it was killed within the time that it lasts", () => {
  const holder = {
    identity: "mira@laptop (process 4711)",
    action: "deploy",
    host: "laptop",
    since: at("12:00:00"),
    renewed: at("12:05:00"),
  };
  expect(killedDeployers(holder, [], "laptop")).toEqual([
    {
      identity: holder.identity,
      byTerraform: false,
      here: true,
      from: at("12:00:00"),
      until: at("12:05:15"),
    },
  ]);
  expect(killedDeployers(holder, [], "another")[0]?.here).toBe(false);
});

test("a record that was never ended tells of one, up to the next record, or two hours", () => {
  const ended = record("12:30:00", { endedAt: "2026-11-20T12:31:00Z", result: "failed" });
  expect(killedDeployers(undefined, [ended, record("12:00:00")], "laptop")).toMatchObject([
    { identity: "mira@laptop", from: at("12:00:00"), until: at("12:30:00") },
  ]);
  expect(killedDeployers(undefined, [record("12:00:00")], "laptop")).toMatchObject([
    { until: at("14:00:00") },
  ]);
});

test("what a killed deploy began is what Terraform made in its time; a person's Helm is none of it", () => {
  const [deploy] = killedDeployers(undefined, [record("12:00:00")], "laptop");
  const [rollback] = killedDeployers(undefined, [record("12:00:00", { action: "rollback" })], "laptop");
  if (!deploy || !rollback) throw new Error("none was killed");
  expect(isTheirs(deploy, at("12:10:00"), "terraform-provider-helm_v3.1.1_x5")).toBe(true);
  expect(isTheirs(deploy, at("11:59:00"), "terraform-provider-helm_v3.1.1_x5")).toBe(false);
  expect(isTheirs(deploy, at("12:10:00"), "Helm")).toBe(false);
  expect(isTheirs(rollback, at("12:10:00"), "Helm")).toBe(true);
});
