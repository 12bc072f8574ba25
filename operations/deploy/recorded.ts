import { releaseTimeout } from "../../applications/release-timeout";
import { namespacesOf, releasesOf } from "../../applications/releases";
import type { DeployRecord, RecordedAction, RecordedRelease } from "../cluster/deploy-record";
import type { KubeConfig } from "@kubernetes/client-node";
import { randomBytes } from "node:crypto";
import * as os from "node:os";
import { clusterError } from "../cluster/api-error";
import { type DeployLock, takeLock } from "../cluster/deploy-lock";
import { type DeployRecordsProps, readRecords, recordsAt, writeRecord } from "../cluster/deploy-records";
import { connect } from "../cluster/kubeconfig";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { type NamespaceObjects, nothing, readNamespaceObjects } from "../cluster/namespace-objects";
import { readReleases } from "../helm/read-releases";
import type { StoredRelease } from "../helm/stored-release";
import { restartLines, restartsOf } from "../cluster/restarts";
import { InterruptedError } from "../errors/interrupted-error";
import { OperationError } from "../errors/operation-error";
import type { ErrorParts } from "../../settings/settings-error";
import type { Environment } from "../../settings/environment";
import { git } from "../terminal/git";
import { type Interruption, interruptible } from "../terminal/interruption";

/** What a change to the cluster is given. */
export interface RecordedProps {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Environment;
  readonly action: RecordedAction;
  /** How long to wait for somebody else who changes the environment. @default 0 */
  readonly waitMs?: number;
  /** Takes one line for people. */
  readonly say: (line: string) => void;
}

/** How a change ended that did not fail. */
export interface RecordedOutcome {
  readonly result: "succeeded" | "no changes";
  /** @default - nothing more is to be said */
  readonly note?: string;
}

/** An environment that nobody else changes at this moment. */
export interface LockedEnvironment {
  readonly connection: KubeConfig;
  readonly interruption: Interruption;
  /**
   * Asks somebody, who may take their time: others can change the environment meanwhile.
   *
   * @throws OperationError when they did: what was shown need not be true any more
   */
  readonly withoutLock: (ask: () => Promise<void>) => Promise<void>;
  /** Does the change, and leaves a record of it in the cluster. */
  readonly record: (work: () => Promise<RecordedOutcome>) => Promise<void>;
}

/**
 * Does a change to the cluster under the environment's lock, and leaves a record of it in the cluster.
 *
 * A record that cannot be written is said and does not undo the change. Ctrl-C does not end this process: the work comes to
 * its end, by itself or by what it is given.
 *
 * @throws OperationError when somebody else holds the lock, or the change fails
 */
export function recorded(
  props: RecordedProps,
  work: (interruption: Interruption) => Promise<RecordedOutcome>,
): Promise<void> {
  return locked(props, ({ record, interruption }) => record(() => work(interruption)));
}

/**
 * Holds the environment's lock while something is looked at and then, perhaps, changed.
 *
 * @throws OperationError when somebody else holds the lock
 */
export function locked(
  props: RecordedProps,
  work: (environment: LockedEnvironment) => Promise<void>,
): Promise<void> {
  const { root, environment, action, say } = props;
  const connection = connect(root, environment);
  const where = recordsAt(connection, environment);
  const who = whoChanges(process.env);
  return interruptible(say, async (interruption) => {
    const take = () =>
      takeLock({
        ...where,
        identity: `${who} (process ${process.pid})`,
        action,
        waitMs: props.waitMs,
        signal: interruption.signal,
        onLost: (why) => interruption.stop(`stopping: ${why}`),
        onWait: (holder) =>
          say(
            `waiting for ${holder.identity}, who holds the lock for ${holder.action} since ${holder.since.toISOString()}`,
          ),
      }).catch((error: unknown) => {
        throw clusterError("nothing was changed", error, environment);
      });
    let lock: DeployLock | undefined = await take();
    const release = async (): Promise<void> => {
      await lock?.release().catch(() => say("the lock could not be released: it expires by itself in 15 s"));
      lock = undefined;
    };
    const newest = () =>
      readRecords(where).then(
        ([record]) => record,
        (error: unknown) => {
          throw clusterError("nothing was changed", error, environment);
        },
      );
    try {
      await work({
        connection,
        interruption,
        withoutLock: async (ask) => {
          const before = await newest();
          await release();
          await interruption.orInterrupted(ask());
          lock = await take();
          const now = await newest();
          if (now && now.id !== before?.id) {
            throw new OperationError(
              `${now.who} has changed ${environment.name} since this was shown (${now.action}, ${now.startedAt}): nothing was changed, run this again`,
            );
          }
        },
        record: (change) => record({ ...props, who, where }, change),
      });
    } finally {
      await release();
    }
  });
}

async function record(
  props: RecordedProps & { readonly who: string; readonly where: DeployRecordsProps },
  work: () => Promise<RecordedOutcome>,
): Promise<void> {
  const { root, environment, action, say, who, where } = props;
  const startedAt = new Date().toISOString();
  const look = () => releasesNow(where.connection, environment).catch(() => []);
  const before = await look();
  const begun: DeployRecord = {
    id: `${startedAt.replace(/[-:.]/g, "").toLowerCase()}-${randomBytes(3).toString("hex")}`,
    action,
    who,
    host: os.hostname(),
    startedAt,
    ...(await revision(root)),
    timeouts: Object.fromEntries(
      releasesOf(environment).map(({ name }) => [name, releaseTimeout(environment, name)]),
    ),
    result: "running",
    before: before
      .map(({ newest: { name, revision }, restarts }) => ({ name, revision, restarts }))
      .filter(({ restarts }) => restarts > 0),
    releases: [],
  };
  const write = async (changes: Partial<DeployRecord>): Promise<void> => {
    try {
      await writeRecord(where, { ...begun, ...changes });
    } catch (error) {
      say(clusterError("the record of this could not be written", error, environment).message);
    }
  };
  const end = async (result: DeployRecord["result"], note?: string): Promise<void> => {
    const now = result === "no changes" ? before : await look();
    await write({
      result,
      ...(note && { note }),
      endedAt: new Date().toISOString(),
      releases: now.map((release) => recordedRelease(release, before)),
    });
  };
  try {
    await write({});
    const { result, note } = await work();
    await end(result, note);
  } catch (error) {
    const { found, message } = error as Error & ErrorParts;
    await end(error instanceof InterruptedError ? "interrupted" : "failed", found ?? message.split("\n")[0]);
    throw error;
  }
}

/** A release as it is at one moment. */
interface ReleaseNow {
  readonly newest: StoredRelease;
  readonly objects: NamespaceObjects;
  readonly restarts: number;
}

async function releasesNow(connection: KubeConfig, environment: Environment): Promise<ReleaseNow[]> {
  const releases = await readReleases(new KubernetesApi(connection), namespacesOf(environment));
  return Promise.all(
    releases.map(async ([newest]) => {
      const objects = await readNamespaceObjects(connection, newest.namespace);
      return { newest, objects, restarts: restartsOf(objects, newest.name) };
    }),
  );
}

function recordedRelease(
  { newest, objects, restarts }: ReleaseNow,
  before: readonly ReleaseNow[],
): RecordedRelease {
  const { name, chart, version, revision, status } = newest;
  const old = before.find((one) => one.newest.name === name && one.newest.namespace === newest.namespace);
  const rose = restartLines(old?.objects ?? nothing, objects, name).length > 0;
  return { name, chart, version, revision, status, ...(rose && { restarts }) };
}

/**
 * Who changes the environment: in CI whoever started it, which is more than the name of a machine.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function whoChanges(variables: NodeJS.ProcessEnv): string {
  const { GITHUB_ACTOR, GITHUB_RUN_ID, GITLAB_USER_LOGIN, CI_JOB_ID } = variables;
  if (GITHUB_ACTOR && GITHUB_RUN_ID) return `${GITHUB_ACTOR} (GitHub run ${GITHUB_RUN_ID})`;
  if (GITLAB_USER_LOGIN && CI_JOB_ID) return `${GITLAB_USER_LOGIN} (GitLab job ${CI_JOB_ID})`;
  return `${userName(variables)}@${os.hostname()}`;
}

/** A user of a container may have no name, and no entry in passwd. */
function userName({ USER, LOGNAME }: NodeJS.ProcessEnv): string {
  try {
    return os.userInfo().username;
  } catch {
    return USER || LOGNAME || `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

/** The commit that is checked out. */
async function revision(root: string): Promise<Pick<DeployRecord, "commit" | "dirty">> {
  const [commit, status] = await Promise.all([
    git(root, ["rev-parse", "HEAD"]),
    git(root, ["status", "--porcelain", "--untracked-files=normal"]),
  ]);
  if (commit.exitCode !== 0 || status.exitCode !== 0) return {};
  return { commit: commit.stdout, dirty: status.stdout !== "" };
}
