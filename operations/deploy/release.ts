import { namespacesOf } from "../../applications/releases";
import { clusterError } from "../cluster/api-error";
import { connect } from "../cluster/kubeconfig";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { readReleases } from "../helm/read-releases";
import { InterruptedError } from "../errors/interrupted-error";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import type { CredentialsContext } from "../secrets/deploy-credentials";
import { print } from "../terminal/print";
import { childCommand } from "../terminal/child-command";
import { interruptible } from "../terminal/interruption";

/** The newest revision of each release that is deployed, by the release's name. */
export type Revisions = ReadonlyMap<string, number>;

export interface ReleaseContext {
  readonly environment: Environment;
  /** The plan that was reviewed. @default - whatever the plan is, it is applied */
  readonly reviewed?: string;
  /** Runs a command of this repository and answers its exit code. */
  readonly run: (command: string, args: readonly string[]) => Promise<number>;
  readonly revisions: () => Promise<Revisions>;
  readonly say: (line: string) => void;
}

/** The deploy itself failed or was refused: nothing was verified or rolled back. */
export class DeployFailedError extends OperationError {}

/**
 * Deploys without asking, verifies what was deployed, and, where the environment says so, takes the releases back that this
 * deploy changed when they do not verify.
 *
 * @throws OperationError when the deploy fails or does not verify, also where it was taken back
 */
export async function release(context: ReleaseContext): Promise<void> {
  const { environment, reviewed, run, revisions, say } = context;
  const { name } = environment;
  const on = ["--environment", name];
  const before = await revisions();
  const deployed = await run("deploy", [...on, "--yes", ...(reviewed ? ["--reviewed", reviewed] : [])]);
  if (deployed !== 0) {
    throw new DeployFailedError(
      `the deploy of ${name} failed: see above; nothing was verified or rolled back`,
    );
  }
  // A backup that failed before is not what was deployed.
  if ((await run("verify", [...on, "--no-backups"])) === 0) return say(`${name} is deployed and verified`);
  const faulty = `${name} is deployed, and npm run verify failed: see above`;
  const after = await revisions();
  const changed = [...after].filter(([app, revision]) => before.get(app) !== revision).map(([app]) => app);
  if (changed.length === 0) {
    throw new OperationError(
      `${faulty}; this deploy changed no release, so that there is nothing to go back to`,
    );
  }
  if (!environment.deploy.rollBackWhenVerifyFails) {
    throw new OperationError(
      [
        `${faulty}; what it changed stays: ${changed.join(", ")}`,
        ...changed.map((app) => `  go back with: npm run rollback -- ${app} --environment ${name}`),
        `deploy.rollBackWhenVerifyFails in environments/${name}.yaml does that by itself`,
      ].join("\n"),
    );
  }
  const outcomes: string[] = [];
  // What came last goes back first: it may rest on the others.
  for (const app of changed.reverse()) outcomes.push(await takenBack(context, app, before.get(app)));
  throw new OperationError(
    [
      faulty,
      ...outcomes.map((outcome) => `  ${outcome}`),
      "revert the commit before the next deploy, which would do the same again",
    ].join("\n"),
  );
}

async function takenBack(
  { environment, run }: ReleaseContext,
  app: string,
  revision: number | undefined,
): Promise<string> {
  if (revision === undefined) return `${app} is new: it has no revision to go back to, and stays`;
  const exitCode = await run("rollback", [
    ...[app, String(revision)],
    ...["--environment", environment.name, "--yes"],
  ]);
  return exitCode === 0
    ? `${app} is back at revision ${revision}`
    : `${app} could not be rolled back to revision ${revision}: see above`;
}

/** {@link release} with the commands and the cluster of a repository. */
export async function releaseHere(context: CredentialsContext, reviewed?: string): Promise<void> {
  await interruptible(print, ({ signal }) =>
    release({
      environment: context.environment,
      reviewed,
      run: async (command, args) => {
        const exitCode = await childCommand(context.root, [command, ...args], context.variables);
        // A verification that was stopped is no reason to roll anything back.
        if (signal.aborted) {
          throw new InterruptedError(
            `interrupted while npm run ${command} ran: what it did is above, and nothing was done after it`,
          );
        }
        return exitCode;
      },
      revisions: () => deployedRevisions(context),
      say: print,
    }),
  );
}

async function deployedRevisions({ root, environment }: CredentialsContext): Promise<Revisions> {
  try {
    const api = new KubernetesApi(connect(root, environment));
    const releases = await readReleases(api, namespacesOf(environment));
    const deployed = releases.flatMap(
      (revisions) => revisions.find(({ status }) => status === "deployed") ?? [],
    );
    return new Map(deployed.map(({ name, revision }) => [name, revision]));
  } catch (error) {
    throw clusterError("the releases", error, environment);
  }
}
