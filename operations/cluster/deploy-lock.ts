import type { V1Lease } from "@kubernetes/client-node";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { InterruptedError } from "../errors/interrupted-error";
import { OperationError } from "../errors/operation-error";
import { apiMessage, statusCode } from "./api-error";
import type { DeployRecordsProps } from "./deploy-records";
import { KubernetesApi, quickMs } from "./kubernetes-api";

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
  /** How long to wait for whoever holds it. @default - not at all, and nobody can choose to */
  readonly waitMs?: number;
  /** Told once who is waited for. @default - nobody is told */
  readonly onWait?: (holder: LockHolder) => void;
  /** Ends the waiting. @default - nothing does */
  readonly signal?: AbortSignal;
  /** Told, once, that the lock that was taken is somebody else's by now, or may be so soon, in a sentence. */
  readonly onLost: (why: string) => void;
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
  // Nobody waits for a lock longer than it lasts.
  const api = new KubernetesApi(connection, quickMs);
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
    const taken = await tryTake(props);
    if (!("identity" in taken)) return hold(props, taken);
    const holder = taken;
    if (Date.now() >= deadline) {
      throw new OperationError(
        `${holder.identity} holds the lock of ${props.environment} for ${holder.action} since ${holder.since.toISOString()} (${ago(holder.since)}): ` +
          `nothing was changed; run this again once that is done${props.waitMs === undefined ? "" : ", or wait for it with --wait"}`,
      );
    }
    if (!told) props.onWait?.(holder);
    told = true;
    await pause(1000, props.signal);
  }
}

/** @throws InterruptedError at a signal */
async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {
    throw new InterruptedError("interrupted: nothing was changed");
  });
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
  onWait(holderOf(first));
  const { lease, alive } = await watched(first, read);
  return lease && { ...holderOf(lease), alive };
}

/** @returns who has it, or the lease when it is ours now */
async function tryTake(props: TakeLockProps): Promise<LockHolder | V1Lease> {
  const { namespace, environment, signal } = props;
  const { api, collection, path, read } = leaseAt(props);
  const lease = await read();
  if (lease && (await isAlive(lease, read, signal))) return holderOf(lease);
  try {
    // With the version that was read: of two who take it over at once, one is refused.
    return lease
      ? await api.replace(path, leaseOf(props, lease.metadata?.resourceVersion))
      : await api.create(collection, leaseOf(props));
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

function hold(props: TakeLockProps, taken: V1Lease): DeployLock {
  const { api, collection, path, read } = leaseAt(props);
  let renewed = performance.now();
  let lost = false;
  const lose = (why: string): void => {
    if (!lost) props.onLost(`the lock of ${props.environment} ${why}`);
    lost = true;
  };
  /** Another process may have the same name, in another container. */
  const isOurs = ({ spec }: V1Lease): boolean =>
    spec?.holderIdentity === props.identity && spec.acquireTime === taken.spec?.acquireTime;
  const renew = async (): Promise<void> => {
    const lease = await read();
    if (lease && !isOurs(lease)) return lose(`was taken over by ${holderOf(lease).identity}`);
    const spec = { ...taken.spec, renewTime: microTime() };
    if (lease) await api.replace(path, { ...lease, spec });
    else await api.create(collection, { ...leaseOf(props), spec });
    renewed = performance.now();
  };
  let renewing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renew().catch((error: unknown) => {
      // Where the API is away for a moment the next renewal tries again.
      if (performance.now() - renewed > leaseSeconds * 1000) {
        lose(
          `could not be renewed for ${leaseSeconds} s, so that somebody may take it: ${apiMessage(error)}`,
        );
      }
    });
  }, renewMs);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      await renewing;
      const lease = await read();
      if (!lease || !isOurs(lease)) return;
      const { resourceVersion } = lease.metadata ?? {};
      await api.delete(path, { preconditions: { resourceVersion } }).catch((error: unknown) => {
        if (statusCode(error) !== 404 && statusCode(error) !== 409) throw error;
      });
    },
  };
}

/** Whether the holder of a lease is there: it was renewed a moment ago, or is while it is watched. */
async function isAlive(
  lease: V1Lease,
  read: () => Promise<V1Lease | undefined>,
  signal?: AbortSignal,
): Promise<boolean> {
  const age = Date.now() - holderOf(lease).renewed.getTime();
  // A date that is still to come says that two clocks differ, and nothing else.
  if (age >= 0 && age < leaseSeconds * 1000) return true;
  return (await watched(lease, read, signal)).alive;
}

/**
 * Looks whether a lease is renewed, until it would have been. The clocks of two machines may differ by more than it lasts:
 * of one that looks expired a renewal is waited for all the same, and of one that is dated ahead no longer than it lasts.
 */
async function watched(
  first: V1Lease,
  read: () => Promise<V1Lease | undefined>,
  signal?: AbortSignal,
): Promise<{ readonly lease?: V1Lease; readonly alive: boolean }> {
  const started = Date.now();
  const lasts = Math.min(holderOf(first).renewed.getTime(), started) + leaseSeconds * 1000;
  const certain = performance.now() + Math.max(lasts - started, renewMs * 1.5);
  for (;;) {
    await pause(500, signal);
    const lease = await read();
    if (!lease) return { alive: false };
    const alive = lease.metadata?.resourceVersion !== first.metadata?.resourceVersion;
    if (alive || performance.now() > certain) return { lease, alive };
  }
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
