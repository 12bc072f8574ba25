import type { V1Lease } from "@kubernetes/client-node";
import { waitFor } from "../../../wait-for";
import { takeLock } from "../../../../operations/cluster/deploy-lock";
import { Leases } from "./lease-server";

// What a lock waits for takes as long as a lease lasts.
jest.setTimeout(60_000);

const api = new Leases();
beforeAll(() => api.listen());
afterAll(() => api.close());

const name = (environment: string) => `llm-platform-${environment}`;
const heldBy = (holderIdentity: string, renewTime: Date): V1Lease =>
  ({
    spec: { holderIdentity, renewTime: renewTime.toISOString(), acquireTime: renewTime.toISOString() },
  }) as unknown as V1Lease;
const hours = (count: number) => new Date(Date.now() + count * 3_600_000);

test.concurrent("a lock that a wrong clock dated ahead is nobody's once it is not renewed", async () => {
  api.put(name("ahead"), heldBy("mira", hours(3)));
  const onLost = jest.fn();
  const lock = await takeLock({ ...api.lock("ahead"), identity: "noor", action: "deploy", onLost });
  expect(api.leases.get(name("ahead"))?.spec?.holderIdentity).toBe("noor");
  await lock.release();
  expect(api.leases.has(name("ahead"))).toBe(false);
  expect(onLost).not.toHaveBeenCalled();
});

test.concurrent.each([
  ["ahead", 2],
  ["behind", -2],
])("a lock whose holder's clock is hours %s is theirs as long as they renew it", async (which, off) => {
  const environment = `renewed-${which}`;
  api.put(name(environment), heldBy("mira", hours(off)));
  const renewing = setInterval(() => api.put(name(environment), heldBy("mira", hours(off))), 1000);
  const taking = takeLock({
    ...api.lock(environment),
    ...{ identity: "noor", action: "deploy", onLost: () => undefined },
  });
  await expect(taking).rejects.toThrow("mira holds the lock");
  clearInterval(renewing);
});

test.concurrent("a lock that somebody took over is lost, which is said, and stays theirs", async () => {
  let lose: (why: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => (lose = resolve));
  const lock = await takeLock({ ...api.lock("lost"), identity: "noor", action: "deploy", onLost: lose });
  // Another container may have the same names and numbers.
  api.put(name("lost"), heldBy("noor", hours(0)));
  expect(await lost).toBe("the lock of lost was taken over by noor");
  await lock.release();
  expect(api.leases.has(name("lost"))).toBe(true);
});

test.concurrent("a lock that was deleted is made again", async () => {
  const onLost = jest.fn();
  const lock = await takeLock({ ...api.lock("deleted"), identity: "noor", action: "deploy", onLost });
  api.leases.delete(name("deleted"));
  await waitFor("it is there again", () => api.leases.has(name("deleted")));
  await lock.release();
  expect([onLost.mock.calls, api.leases.has(name("deleted"))]).toEqual([[], false]);
});

test.concurrent(
  "a lock that cannot be renewed is said to be in danger, and its release does not hang",
  async () => {
    let lose: (why: string) => void = () => undefined;
    const lost = new Promise<string>((resolve) => (lose = resolve));
    const lock = await takeLock({ ...api.lock("silent"), identity: "noor", action: "deploy", onLost: lose });
    api.silent = name("silent");
    expect(await lost).toBe(
      "the lock of silent could not be renewed for 15 s, so that somebody may take it: no answer within 5 s",
    );
    await expect(lock.release()).rejects.toThrow("no answer within 5 s");
  },
);
