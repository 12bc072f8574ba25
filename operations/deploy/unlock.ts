import { releaseTimeout } from "../../applications/release-timeout";
import { applications } from "../../applications/registry";
import { namespacesOf, releasesOf } from "../../applications/releases";
import * as os from "node:os";
import { clusterError } from "../cluster/api-error";
import { lastHolder } from "../cluster/deploy-lock";
import type { DeployRecord } from "../cluster/deploy-record";
import { readRecords, recordsAt } from "../cluster/deploy-records";
import { connect } from "../cluster/kubeconfig";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { InterruptedError } from "../errors/interrupted-error";
import { findHelm, Helm } from "../helm/helm";
import type { CredentialsContext } from "../secrets/deploy-credentials";
import { Masker } from "../secrets/masking";
import { killedDeployers } from "../releases/killed-deployers";
import { helmRollback } from "../releases/helm-rollback";
import { unsteadyRevisions } from "../releases/rollback-target";
import { readReleases, secretPath } from "../helm/read-releases";
import { markedFailed, type StoredRelease } from "../helm/stored-release";
import type { Environment } from "../../settings/environment";
import { type Evidence, heldStateLocks, pendingReleases, type StuckRelease } from "../releases/stuck";
import { stuckText, type StuckThings } from "../releases/stuck-text";
import { type CdktfContext, stacks, synthesize } from "../terraform/cdktf";
import type { Interruption } from "../terminal/interruption";
import { deployerProcesses } from "../terraform/deployer-processes";
import { forceUnlock, type StateLock, stateLock } from "../terraform/state-lock";
import { recorded } from "./recorded";

export interface UnlockContext extends CredentialsContext {
  /** Roll back what has a revision to go back to, instead of marking it as failed. @default false */
  readonly rollback?: boolean;
  /** Names of releases and stacks of which the user says that their deployer is gone. */
  readonly forced: readonly string[];
  readonly print: (text: string) => void;
  readonly ask: (question: string) => Promise<void>;
}

/**
 * Frees what a killed deploy left behind: releases that are pending, and Terraform's locks on the states.
 *
 * What somebody works on, or may work on, is left alone.
 *
 * @returns how much of it is still stuck
 * @throws OperationError when the cluster does not answer, or the question is not answered with yes
 */
export async function unlock(context: UnlockContext): Promise<{ readonly left: number }> {
  const { environment, print, ask, rollback = false } = context;
  const found = await stuckThings(context);
  print(stuckText(found, rollback));
  const releases = found.releases.filter(({ free }) => free);
  const locks = found.locks.filter(({ free }) => free);
  const left = found.releases.length + found.locks.length - releases.length - locks.length;
  if (releases.length + locks.length === 0) return { left };
  const what = [count(releases.length, "release"), count(locks.length, "lock")].filter(Boolean).join(" and ");
  await ask(`free ${what} of ${environment.name}?`);
  await recorded(
    { root: context.root, environment, action: "unlock", say: (line) => print(`${line}\n`) },
    async (interruption) => {
      const freed: string[] = [];
      const each = async (what: string, work: () => Promise<void>): Promise<void> => {
        if (interruption.signal.aborted) {
          throw new InterruptedError(
            `interrupted: freed ${freed.join(", ") || "nothing"}; npm run unlock goes on`,
          );
        }
        await work();
        freed.push(what);
      };
      for (const { lock } of locks) {
        await each(`state of ${lock.stack}`, () => forceUnlock(cdktf(context), lock));
      }
      for (const release of releases) {
        await each(named(release), () => free(context, release, interruption));
      }
      return { result: "succeeded", note: freed.join(", ") };
    },
  );
  print(`freed; go on with: npm run deploy -- --environment ${environment.name}\n`);
  return { left };
}

async function stuckThings(context: UnlockContext): Promise<StuckThings> {
  const { root, environment, forced } = context;
  const connection = connect(root, environment);
  try {
    const where = recordsAt(connection, environment);
    const [releases, holder, records, states] = await Promise.all([
      readReleases(new KubernetesApi(connection), namespacesOf(environment)),
      lastHolder(where, ({ identity, action }) =>
        context.print(`${identity} took the lock (${action}):\nlooking for a sign of life, up to 20 s\n`),
      ),
      readRecords(where),
      stateLocks(context),
    ]);
    const evidence: Evidence = {
      ...(holder?.alive && { holder }),
      unsteady: (release) => unsteadyRevisions(records, release),
      killed: killedDeployers(holder?.alive ? undefined : holder, records, os.hostname()),
      processes: await deployerProcesses(cdktf(context)),
      now: new Date(),
      timeoutSeconds: (pending) => timeoutOf(pending, records, environment),
      forced,
    };
    return {
      releases: pendingReleases(releases, evidence),
      locks: heldStateLocks(states.locks, evidence),
      notChecked: states.notChecked,
    };
  } catch (error) {
    throw clusterError("nothing was looked at", error, environment);
  }
}

/**
 * How long a release may take that was begun: what was said then. The working tree may say something else by now, or have no
 * release of that name.
 */
export function timeoutOf(
  { name, chart, deployedAt }: Pick<StoredRelease, "name" | "chart" | "deployedAt">,
  records: readonly DeployRecord[],
  environment: Environment,
): number {
  const begun = records.find(({ startedAt }) => new Date(startedAt) <= deployedAt);
  const isKnown = releasesOf(environment).some((release) => release.name === name);
  const ofChart = applications.filter((one) => !isKnown && one.chart === chart);
  return (
    begun?.timeouts?.[name] ??
    Math.max(releaseTimeout(environment, name), ...ofChart.map(({ timeoutSeconds = 0 }) => timeoutSeconds))
  );
}

/** A state in a local file is locked by the operating system, which gives the lock back when the process ends. */
async function stateLocks(
  context: UnlockContext,
): Promise<{ locks: readonly StateLock[]; notChecked: readonly string[] }> {
  if (context.environment.state.backend === "local") return { locks: [], notChecked: [] };
  try {
    await synthesize(cdktf(context));
  } catch (error) {
    return { locks: [], notChecked: [`the locks of the states: ${(error as Error).message}`] };
  }
  const found = await Promise.all(
    stacks.map((stack) =>
      stateLock(cdktf(context), stack).catch(
        ({ message }: Error) => `the lock on the state of ${stack}: ${message}`,
      ),
    ),
  );
  return {
    locks: found.filter((lock) => typeof lock === "object"),
    notChecked: found.filter((lock) => typeof lock === "string"),
  };
}

async function free(
  context: UnlockContext,
  { pending, good }: StuckRelease,
  interruption: Interruption,
): Promise<void> {
  const { root, environment, variables, rollback, print } = context;
  const connection = connect(root, environment);
  if (rollback && good) {
    const helm = new Helm(findHelm(variables), variables, root, environment);
    const masker = new Masker();
    print(`rolling ${pending.name} back to revision ${good.revision}, and waiting for its pods\n`);
    await helmRollback({
      environment,
      helm,
      connection,
      interruption,
      release: pending.name,
      namespace: pending.namespace,
      revision: good.revision,
      mask: (text) => masker.text(text),
    });
    return;
  }
  try {
    // With the version that was read: a deployer that is alive after all has changed it, and this is refused.
    await new KubernetesApi(connection).replace(
      secretPath(pending),
      markedFailed(pending, `Unlocked: it was ${pending.status}, and its deployer gone`),
    );
  } catch (error) {
    throw clusterError(`release ${pending.name} could not be marked as failed`, error, environment);
  }
}

function cdktf({ root, environment, variables }: UnlockContext): CdktfContext {
  return { root, environment, variables };
}

function named({ pending }: StuckRelease): string {
  return `release ${pending.name} (${pending.status})`;
}

function count(number: number, what: string): string {
  return number === 0 ? "" : `${number} ${what}${number === 1 ? "" : "s"}`;
}
