import type { LockHolder } from "../cluster/deploy-lock";
import { isTheirs, type KilledDeployer } from "./killed-deployers";
import type { Revisions } from "../helm/read-releases";
import type { StoredRelease } from "../helm/stored-release";
import { type DeployerProcess, deployersAdvice } from "../terraform/deployer-processes";
import type { StateLock } from "../terraform/state-lock";

/** Something that whoever made it left half-way, and what is known of them. */
export interface Stuck {
  /** Whether it may be freed: nobody works on it any more. */
  readonly free: boolean;
  /** Why, in a sentence. */
  readonly why: string;
}

export interface StuckRelease extends Stuck {
  /** The revision that is pending. */
  readonly pending: StoredRelease;
  /** The last good revision that was deployed. @default - undefined where there is none */
  readonly good?: StoredRelease;
}

export interface StuckStateLock extends Stuck {
  readonly lock: StateLock;
}

/** What tells whether somebody still works on something. */
export interface Evidence {
  /** Who renews the environment's lock. @default - undefined where nobody does */
  readonly holder?: LockHolder;
  /** Who changed the environment and was killed while they did, as far as it is known. */
  readonly killed: readonly KilledDeployer[];
  /** Revisions of a release, by its name, that kept restarting: see `unsteadyRevisions`. */
  readonly unsteady: (release: string) => ReadonlySet<number>;
  /** Terraform and Helm, which go on by themselves, in this repository on this machine. @default - it cannot be known */
  readonly processes?: readonly DeployerProcess[];
  readonly now: Date;
  /** How long the pods of a release may take to become ready that was begun, in seconds. */
  readonly timeoutSeconds: (pending: StoredRelease) => number;
  /** Names of releases and stacks of which a person said that their deployer is gone. */
  readonly forced: readonly string[];
}

/** The provider waits a minute longer than Helm does. */
const graceSeconds = 60;

/** A deploy of all releases, one after the other, with everything before them. */
const deploySeconds = 3600;

/** Releases whose newest revision is pending, and whether somebody still works on them. */
export function pendingReleases(releases: readonly Revisions[], evidence: Evidence): StuckRelease[] {
  return releases
    .filter(([newest]) => newest.pending)
    .map((revisions) => {
      const [pending] = revisions;
      const unsteady = evidence.unsteady(pending.name);
      const good = revisions.find((one) => one.good && !unsteady.has(one.revision));
      const limit = evidence.timeoutSeconds(pending) + graceSeconds;
      return { pending, good, ...judge(pending.name, pending.deployedAt, limit, evidence, pending.madeBy) };
    });
}

/** Terraform's locks, and whether somebody still works under them. */
export function heldStateLocks(locks: readonly StateLock[], evidence: Evidence): StuckStateLock[] {
  return locks.map((lock) => ({ lock, ...judge(lock.stack, lock.created, deploySeconds, evidence) }));
}

/**
 * Freed is what is proven to have nobody: its deployer no longer renews the lock, and nothing that it started runs any more;
 * or all the time that it may take is over. Helm and `cdktf` alone hold no lock, and what is younger may be theirs.
 */
function judge(name: string, since: Date, limitSeconds: number, evidence: Evidence, madeBy?: string): Stuck {
  const { holder, processes, now, forced } = evidence;
  if (holder) {
    return {
      free: false,
      why: `${holder.identity} is changing this environment (${holder.action}): wait until it is done`,
    };
  }
  if (processes?.length) return { free: false, why: `${deployersAdvice(processes)}, then run this again` };
  const theirs = evidence.killed.find((one) => isTheirs(one, since, madeBy));
  if (theirs?.here && processes) {
    return {
      free: true,
      why: `its deployer is gone: ${theirs.identity} no longer renews the lock, and nothing that it started runs`,
    };
  }
  const seconds = (now.getTime() - since.getTime()) / 1000;
  if (seconds > limitSeconds) {
    return { free: true, why: `it may take ${duration(limitSeconds)} at most: its deployer is gone` };
  }
  if (forced.includes(name)) return { free: true, why: `--force ${name} says that its deployer is gone` };
  return {
    free: false,
    why:
      `it may take ${duration(limitSeconds)}, and nobody here knows whether ` +
      (theirs
        ? `${theirs.identity}, who no longer renews the lock, left a deploy running. `
        : "its deployer is alive: helm and cdktf hold no lock. ") +
      `Wait; or, if you know that it is gone: --force ${name}`,
  };
}

/** A time in words, such as `45 s`, `31 min` or `5 h`. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
