import execa from "execa";
import { randomBytes } from "node:crypto";
import * as os from "node:os";
import { clusterError } from "../cluster/api-error";
import { takeLock } from "../cluster/deploy-lock";
import {
  type DeployRecord,
  type RecordedAction,
  type RecordedRelease,
  writeRecord,
} from "../cluster/deploy-records";
import { connect } from "../cluster/kubeconfig";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../settings/environment";

/** What a recorded change is given. */
export interface RecordedProps {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Environment;
  readonly action: RecordedAction;
  /** How long to wait for somebody else who changes the environment. Default: 0 */
  readonly waitMs?: number;
  /** Takes one line for people. */
  readonly say: (line: string) => void;
  /** The releases once the change is over. */
  readonly releases: () => Promise<readonly RecordedRelease[]>;
}

/** How a change ended that did not fail. */
export interface RecordedOutcome {
  readonly result: "succeeded" | "no changes";
  readonly note?: string;
}

/** Ended by Ctrl-C or a signal: recorded as such. */
export class InterruptedError extends OperationError {}

/**
 * Does a change to the cluster under the environment's lock, and leaves a record of it in the cluster.
 *
 * A record that cannot be written is said and does not undo the change.
 *
 * @throws OperationError when somebody else holds the lock, or the change fails
 */
export async function recorded(props: RecordedProps, work: () => Promise<RecordedOutcome>): Promise<void> {
  const { root, environment, action, say } = props;
  const connection = connect(root, environment);
  const where = {
    connection,
    namespace: environment.cluster.recordsNamespace,
    environment: environment.name,
  };
  const who = `${os.userInfo().username}@${os.hostname()}`;
  const startedAt = new Date().toISOString();
  const record: DeployRecord = {
    id: `${startedAt.replace(/[-:.]/g, "").toLowerCase()}-${randomBytes(3).toString("hex")}`,
    action,
    who,
    startedAt,
    ...(await revision(root)),
    result: "running",
    releases: [],
  };
  const lock = await takeLock({
    ...where,
    identity: `${who} (process ${process.pid})`,
    action,
    waitMs: props.waitMs,
    onWait: (holder) => say(`waiting for ${holder.identity}, who holds the lock (${holder.action})`),
  }).catch((error: unknown) => {
    throw error instanceof OperationError ? error : clusterError("the lock", error, environment);
  });
  const write = async (changes: Partial<DeployRecord>): Promise<void> => {
    try {
      await writeRecord(where, { ...record, ...changes });
    } catch (error) {
      say(clusterError("the record of this could not be written", error, environment).message);
    }
  };
  const end = async (result: DeployRecord["result"], note?: string): Promise<void> => {
    const releases = await props.releases().catch(() => []);
    await write({ result, ...(note && { note }), endedAt: new Date().toISOString(), releases });
  };
  try {
    await write({});
    const { result, note } = await work();
    await end(result, note);
  } catch (error) {
    const note = (error as Error).message.split("\n")[0];
    await end(error instanceof InterruptedError ? "interrupted" : "failed", note);
    throw error;
  } finally {
    await lock.release().catch(() => say("the lock could not be released: it expires by itself in 15 s"));
  }
}

/** The commit that is checked out. */
async function revision(root: string): Promise<Pick<DeployRecord, "commit" | "dirty">> {
  const git = (...args: string[]) => execa("git", args, { cwd: root, stdin: "ignore" });
  try {
    const [commit, status] = await Promise.all([
      git("rev-parse", "HEAD"),
      git("status", "--porcelain", "--untracked-files=normal"),
    ]);
    return { commit: commit.stdout, dirty: status.stdout !== "" };
  } catch {
    return {};
  }
}
