import type { V1Lease } from "@kubernetes/client-node";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { InterruptedError } from "../errors/interrupted-error";
import { OperationError } from "../errors/operation-error";
import { statusCode } from "./api-error";
import type { DeployRecordsProps } from "./deploy-records";
import { KubernetesApi } from "./kubernetes-api";

/** Who changes an environment at this moment, or was killed while they did. */
export interface LockHolder {
  /** Such as `mira@laptop (process 4711)`. */
  readonly identity: string;
  /** What they do, such as `deploy`. */
  readonly action: string;
  /** Name of the machine that they do it on. */
  readonly host: string;
  readonly since: Date;
  readonly renewed: Date;
}

export interface TakeLockProps extends DeployRecordsProps {
  readonly identity: string;
  readonly action: string;
  /** How long to wait for whoever holds it. @default 0 */
  readonly waitMs?: number;
  /** Told once who is waited for. @default - nobody is told */
  readonly onWait?: (holder: LockHolder) => void;
  /** Ends the waiting. @default - nothing does */
  readonly signal?: AbortSignal;
}

/** A lock that is held; nobody else changes the environment until it is released or its holder is gone. */
export interface DeployLock {
  release(): Promise<void>;
}

/** How long a holder that does not renew is believed to be there. */
const leaseSeconds = 15;
const renewMs = 3000;

const action = "llm-platform/action";
const host = "llm-platform/host";

/** The Lease that is the lock of an environment. */
function leaseAt({ connection, namespace, environment }: DeployRecordsProps) {
  const api = new KubernetesApi(connection);
  const collection = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const path = `${collection}/${lockName(environment)}`;
  return { api, collection, path, read: () => api.find<V1Lease>(path) };
}

function lockName(environment: string): string {
  return `llm-platform-${environment}`;
}

/**
 * Takes the lock of an environment: a Lease in the cluster that is renewed as long as this process lives. A lock whose
 * holder was killed is taken over.
 *
 * @throws OperationError naming the holder when somebody else has it
 * @see https://kubernetes.io/docs/concepts/architecture/leases/
 */
export async function takeLock(props: TakeLockProps): Promise<DeployLock> {
  const deadline = Date.now() + (props.waitMs ?? 0);
  let told = false;
  for (;;) {
    const holder = await tryTake(props);
    if (!holder) return hold(props);
    if (Date.now() >= deadline) {
      throw new OperationError(
        `${holder.identity} holds the lock of ${props.environment} for ${holder.action} since ${holder.since.toISOString()} (${ago(holder.since)}): ` +
          "nothing was changed; run this again once that is done, or wait for it with --wait",
      );
    }
    if (!told) props.onWait?.(holder);
    told = true;
    await sleep(1000, undefined, { signal: props.signal }).catch(() => {
      throw new InterruptedError("interrupted: nothing was changed");
    });
  }
}

/** Such as `95 s ago`. */
function ago(time: Date): string {
  const seconds = Math.max(0, Math.round((Date.now() - time.getTime()) / 1000));
  return seconds < 120 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
}

/** Who holds the lock and is alive; undefined where nobody does. Changes nothing. */
export async function lockHolder(props: DeployRecordsProps): Promise<LockHolder | undefined> {
  const { read } = leaseAt(props);
  const lease = await read();
  return lease && (await isAlive(lease, read)) ? holderOf(lease) : undefined;
}

/**
 * Who wrote their name on the lock last, and whether they are still there; undefined where nobody did, or whoever did gave
 * it back. Changes nothing.
 *
 * A holder is known to live as soon as they renew, and to be gone once they have not for as long as the lock lasts: up to
 * 20 seconds.
 *
 * @param onWait told once who is waited for
 */
export async function lastHolder(
  props: DeployRecordsProps,
  onWait: (holder: LockHolder) => void = () => undefined,
): Promise<(LockHolder & { readonly alive: boolean }) | undefined> {
  const { read } = leaseAt(props);
  const first = await read();
  if (!first) return undefined;
  const [started, { renewed }] = [Date.now(), holderOf(first)];
  onWait(holderOf(first));
  const lasts = Math.min(renewed.getTime(), started) + leaseSeconds * 1000;
  const certain = Math.max(lasts, started + renewMs * 1.5);
  for (;;) {
    await sleep(500);
    const now = await read();
    if (!now) return undefined;
    const alive = now.metadata?.resourceVersion !== first.metadata?.resourceVersion;
    // Of a clock that runs ahead nobody waits longer than the lock lasts.
    if (alive || Date.now() > certain) return { ...holderOf(now), alive };
  }
}

/** @returns who has it, or undefined when it is ours now */
async function tryTake(props: TakeLockProps): Promise<LockHolder | undefined> {
  const { namespace, environment } = props;
  const { api, collection, path, read } = leaseAt(props);
  const lease = await read();
  if (lease && (await isAlive(lease, read))) return holderOf(lease);
  try {
    // With the version that was read: of two who take it over at once, one is refused.
    if (lease) await api.replace(path, leaseOf(props, lease.metadata?.resourceVersion));
    else await api.create(collection, leaseOf(props));
    return undefined;
  } catch (error) {
    if (statusCode(error) === 404 && !lease) {
      throw new OperationError(
        `the namespace ${namespace}, where the lock and the records of ${environment} are kept, is not there: ` +
          `make it, or name another in cluster.recordsNamespace of environments/${environment}.yaml`,
      );
    }
    if (statusCode(error) !== 409 && statusCode(error) !== 404) throw error;
    const other = await read();
    return other ? holderOf(other) : tryTake(props);
  }
}

function hold(props: TakeLockProps): DeployLock {
  const { api, path, read } = leaseAt(props);
  let renewing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renew().catch(() => {
      // The API is away for a moment: the next renewal tries again.
    });
  }, renewMs);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      await renewing;
      const lease = await read();
      if (lease?.spec?.holderIdentity !== props.identity) return;
      const { resourceVersion } = lease.metadata ?? {};
      await api.delete(path, { preconditions: { resourceVersion } }).catch((error: unknown) => {
        if (statusCode(error) !== 404 && statusCode(error) !== 409) throw error;
      });
    },
  };

  async function renew(): Promise<void> {
    const lease = await read();
    if (lease?.spec?.holderIdentity !== props.identity) return;
    await api.replace(path, { ...lease, spec: { ...lease.spec, renewTime: microTime() } });
  }
}

/**
 * Whether the holder of a lease renews it. Of one that looks expired a renewal is waited for: the clocks of two machines
 * may differ by more than the lease lasts.
 */
async function isAlive(lease: V1Lease, read: () => Promise<V1Lease | undefined>): Promise<boolean> {
  const { renewed } = holderOf(lease);
  if (Date.now() - renewed.getTime() < leaseSeconds * 1000) return true;
  await sleep(renewMs * 1.5);
  const again = await read();
  return again !== undefined && again.metadata?.resourceVersion !== lease.metadata?.resourceVersion;
}

/** Now, in the six decimals that a Lease asks for. */
function microTime(): string {
  return new Date().toISOString().replace("Z", "000Z");
}

function leaseOf(props: TakeLockProps, resourceVersion?: string): object {
  const now = microTime();
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name: lockName(props.environment),
      namespace: props.namespace,
      labels: { "app.kubernetes.io/part-of": "llm-platform" },
      annotations: { [action]: props.action, [host]: hostname() },
      ...(resourceVersion && { resourceVersion }),
    },
    spec: {
      holderIdentity: props.identity,
      leaseDurationSeconds: leaseSeconds,
      acquireTime: now,
      renewTime: now,
    },
  };
}

function holderOf({ metadata, spec }: V1Lease): LockHolder {
  return {
    identity: spec?.holderIdentity ?? "somebody",
    action: metadata?.annotations?.[action] ?? "something",
    host: metadata?.annotations?.[host] ?? "",
    since: new Date(spec?.acquireTime ?? 0),
    renewed: new Date(spec?.renewTime ?? 0),
  };
}
