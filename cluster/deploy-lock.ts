import { CoordinationV1Api, type KubeConfig, type V1Lease, V1MicroTime } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { OperationError } from "../errors/operation-error";
import { statusCode } from "./api-error";

/** Who changes an environment at this moment, or was killed while they did. */
export interface LockHolder {
  /** Such as `mira@laptop (process 4711)`. */
  readonly identity: string;
  /** What they do, such as `deploy`. */
  readonly action: string;
  readonly since: Date;
  readonly renewed: Date;
}

/** Where the lock of an environment is. */
export interface DeployLockProps {
  readonly connection: KubeConfig;
  readonly namespace: string;
  /** Name of the environment. */
  readonly environment: string;
}

export interface TakeLockProps extends DeployLockProps {
  readonly identity: string;
  readonly action: string;
  /** How long to wait for whoever holds it. Default: 0 */
  readonly waitMs?: number;
  /** Told once who is waited for. */
  readonly onWait?: (holder: LockHolder) => void;
}

/** A lock that is held; nobody else changes the environment until it is released or its holder is gone. */
export interface DeployLock {
  release(): Promise<void>;
}

/** How long a holder that does not renew is believed to be there. */
const leaseSeconds = 15;
const renewMs = 3000;

const action = "llm-platform/action";

/** Name of the Lease. */
export function lockName(environment: string): string {
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
        `${holder.identity} has been changing ${props.environment} since ${holder.since.toISOString()} (${holder.action}): ` +
          "wait until it is done and run this again",
      );
    }
    if (!told) props.onWait?.(holder);
    told = true;
    await sleep(1000);
  }
}

/** Who holds the lock and is alive; undefined where nobody does. Changes nothing. */
export async function lockHolder({
  connection,
  namespace,
  environment,
}: DeployLockProps): Promise<LockHolder | undefined> {
  const lease = await readLease(connection, namespace, lockName(environment));
  return lease && (await isAlive(connection, lease)) ? holderOf(lease) : undefined;
}

/** @returns who has it, or undefined when it is ours now */
async function tryTake(props: TakeLockProps): Promise<LockHolder | undefined> {
  const { connection, namespace, environment } = props;
  const api = connection.makeApiClient(CoordinationV1Api);
  const lease = await readLease(connection, namespace, lockName(environment));
  if (lease && (await isAlive(connection, lease))) return holderOf(lease);
  try {
    if (lease) {
      // With the version that was read: of two who take it over at once, one is refused.
      const { resourceVersion } = lease.metadata ?? {};
      await api.replaceNamespacedLease({
        name: lockName(environment),
        namespace,
        body: leaseOf(props, resourceVersion),
      });
    } else {
      await api.createNamespacedLease({ namespace, body: leaseOf(props) });
    }
    return undefined;
  } catch (error) {
    if (statusCode(error) !== 409 && statusCode(error) !== 404) throw error;
    const other = await readLease(connection, namespace, lockName(environment));
    return other ? holderOf(other) : tryTake(props);
  }
}

function hold({ connection, namespace, environment, identity }: TakeLockProps): DeployLock {
  const api = connection.makeApiClient(CoordinationV1Api);
  const name = lockName(environment);
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
      const lease = await readLease(connection, namespace, name);
      if (lease?.spec?.holderIdentity !== identity) return;
      const { resourceVersion } = lease.metadata ?? {};
      await api
        .deleteNamespacedLease({ name, namespace, body: { preconditions: { resourceVersion } } })
        .catch((error: unknown) => {
          if (statusCode(error) !== 404 && statusCode(error) !== 409) throw error;
        });
    },
  };

  async function renew(): Promise<void> {
    const lease = await readLease(connection, namespace, name);
    if (lease?.spec?.holderIdentity !== identity) return;
    lease.spec.renewTime = new V1MicroTime();
    await api.replaceNamespacedLease({ name, namespace, body: lease });
  }
}

/**
 * Whether the holder of a lease renews it. Of one that looks expired a renewal is waited for: the clocks of two machines
 * may differ by more than the lease lasts.
 */
async function isAlive(connection: KubeConfig, lease: V1Lease): Promise<boolean> {
  const { renewed } = holderOf(lease);
  if (Date.now() - renewed.getTime() < leaseSeconds * 1000) return true;
  await sleep(renewMs * 1.5);
  const again = await readLease(connection, lease.metadata?.namespace ?? "", lease.metadata?.name ?? "");
  return again !== undefined && again.metadata?.resourceVersion !== lease.metadata?.resourceVersion;
}

async function readLease(
  connection: KubeConfig,
  namespace: string,
  name: string,
): Promise<V1Lease | undefined> {
  try {
    return await connection.makeApiClient(CoordinationV1Api).readNamespacedLease({ name, namespace });
  } catch (error) {
    if (statusCode(error) === 404) return undefined;
    throw error;
  }
}

function leaseOf(props: TakeLockProps, resourceVersion?: string): V1Lease {
  const now = new V1MicroTime();
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name: lockName(props.environment),
      namespace: props.namespace,
      labels: { "app.kubernetes.io/part-of": "llm-platform" },
      annotations: { [action]: props.action },
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
    since: new Date(spec?.acquireTime ?? 0),
    renewed: new Date(spec?.renewTime ?? 0),
  };
}
