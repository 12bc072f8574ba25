import type { CredentialsStore } from "../secrets/stored-credentials";
import type { KubeConfig } from "@kubernetes/client-node";
import { clusterError } from "../cluster/api-error";
import { credentialsInCluster, type ReplacedCredential } from "../cluster/credentials-in-cluster";
import { lockHolder } from "../cluster/deploy-lock";
import { recordsAt } from "../cluster/deploy-records";
import { connect } from "../cluster/kubeconfig";
import { Masker } from "../secrets/masking";
import { planStacks } from "../diff/plan-stacks";
import { InterruptedError } from "../errors/interrupted-error";
import { OperationError } from "../errors/operation-error";

import { secretsOf } from "../../applications/credentials";
import type { ReleaseSecret } from "../../applications/release-secrets";
import { newCredential } from "../secrets/find-credentials";
import { credentialNamed, storeForRotation } from "../secrets/rotation";
import { type Credential, credentialName } from "../../settings/credentials";
import type { Environment } from "../../settings/environment";
import { stacks, synthesize } from "../terraform/cdktf";
import { apply } from "./apply";
import {
  type CredentialsContext,
  type DeployCredentials,
  deployCredentials,
} from "../secrets/deploy-credentials";

export interface RotateContext extends CredentialsContext {
  /** Takes lines. */
  readonly print: (lines: string) => void;
  /** Throws unless the answer is yes. */
  readonly ask: (question: string) => Promise<void>;
  /** Throws unless somebody types the name of the credential: for what cannot be had back. */
  readonly askForName: (question: string, name: string) => Promise<void>;
  /** Whether to roll the new value out, too. */
  readonly deploy: boolean;
}

interface Rotation {
  readonly credential: Credential;
  readonly store: CredentialsStore;
  /** The value that is replaced. */
  readonly old: string;
  /** What has it. */
  readonly secrets: readonly ReleaseSecret[];
}

/**
 * Replaces a credential by a new random value: in its file, then in the cluster, where the pods that read it are made anew.
 *
 * Nothing else is deployed with it: where other changes wait, it refuses.
 *
 * @param name such as JWT_SECRET
 * @throws OperationError saying what has the new value and what has not
 */
export async function rotate(context: RotateContext, name: string | undefined): Promise<void> {
  const { root, environment, variables, print, deploy } = context;
  const credential = credentialNamed(environment, name);
  if (credential.bytes === undefined || credential.keptElsewhere) throw refusal(environment, credential);
  const store = storeForRotation(root, environment, variables, credential);
  const before = await deployCredentials(context);
  const old = before.values[credential.variable] ?? "";
  const isReplaced = (key: ReleaseSecret["keys"][string]) => key.credential.variable === credential.variable;
  const secrets = secretsOf(environment).filter(({ keys }) => Object.values(keys).some(isReplaced));
  const rotation: Rotation = { credential, store, old, secrets };
  if (!deploy) {
    await question(context, rotation);
    replace(context, rotation);
    print(`the cluster still has the old one: ${rollOut(environment)}`);
    return;
  }
  const connection = connect(root, environment);
  await refuseHeldLock(connection, environment);
  print("looking whether anything else waits to be deployed");
  await refuseOtherChanges(context, before);
  await question(context, rotation);

  const value = replace(context, rotation);
  const after = await deployCredentials(context);
  const replaced = secrets.flatMap(({ namespace, name, id, keys }) =>
    Object.entries(keys)
      .filter(([, key]) => isReplaced(key))
      .map(([key, { text }]) => ({
        ...{ namespace, name, key, old: text(old), value: text(value) },
        revisions: { old: String(before.revisions[id]), new: String(after.revisions[id]) },
      })),
  );
  try {
    const progress = { line: print, status: (text: string) => print(`  ${text}`) };
    await apply("rotate", { root, environment, variables, progress, note: credential.key });
  } catch (error) {
    throw await halfWay(error, connection, context, rotation, { value, replaced });
  }
  await refuseLeftOvers(connection, context, rotation, replaced);
}

/** Why a credential has no new value that could be made here. */
function refusal({ name }: Environment, credential: Credential): OperationError {
  const { keptElsewhere } = credential;
  const key = credentialName(credential);
  return new OperationError(
    keptElsewhere
      ? `${key}: ${keptElsewhere}`
      : `${key}: whoever runs its service gives it: have a new one made there, then npm run secrets -- set ${key} --environment ${name}, and npm run deploy -- --environment ${name}`,
  );
}

async function question(
  { environment, deploy, print, ask, askForName }: RotateContext,
  { credential: { key, release, whenReplaced, encrypts }, store, secrets }: Rotation,
): Promise<void> {
  const { name, cluster } = environment;
  print(`${key} of ${name}, in ${store.file}: a new random value`);
  if (whenReplaced !== undefined) print(`  ${whenReplaced}`);
  const pods = secrets.map((secret) => secret.pods);
  if (deploy) print(`  these pods of the release ${release} restart: ${pods.join(", ")}`);
  if (encrypts) {
    await askForName(`${key} encrypts ${encrypts}: replace it, so that nobody can read those any more?`, key);
  }
  await ask(
    deploy
      ? `replace ${key} of ${name} and deploy it to the context ${cluster.context}?`
      : `replace ${key} in ${store.file}, without deploying it?`,
  );
}

/** @returns the new value */
function replace({ environment, print }: RotateContext, { credential, store }: Rotation): string {
  const value = newCredential(credential.bytes ?? 0);
  store.replace(`TF_VAR_${credential.variable}`, value);
  print(`${credential.key}: ${store.file} has a new value; the old one is in it no more`);
  if (environment.credentials.source === "sops") {
    print(`commit ${store.file}; Git's history keeps the old value, encrypted`);
  }
  return value;
}

/** Whoever deploys now would be waited for only when the new value is stored already. */
async function refuseHeldLock(connection: KubeConfig, environment: Environment): Promise<void> {
  const holder = await lockHolder(recordsAt(connection, environment)).catch((error: unknown) => {
    throw clusterError("the lock", error, environment);
  });
  if (!holder) return;
  throw new OperationError(
    `nothing was changed: ${holder.identity} changes ${environment.name} at this moment (${holder.action}): run this again when that is over`,
  );
}

/** A roll-out deploys the whole working tree: what else is in it must have been deployed before. */
async function refuseOtherChanges(
  { root, environment, variables }: RotateContext,
  credentials: DeployCredentials,
): Promise<void> {
  const cdktf = { root, environment: environment.name, variables, credentials };
  await synthesize(cdktf);
  const plans = await planStacks(cdktf, environment, stacks);
  const changed = plans.filter(({ changes }) => changes).map(({ stack }) => stack);
  if (changed.length === 0) return;
  const option = `--environment ${environment.name}`;
  throw new OperationError(
    [
      `nothing was changed: other changes of ${changed.join(" and ")} wait to be deployed, and would go with it`,
      `  see them:           npm run diff -- ${option}`,
      `  deploy them first:  ${rollOut(environment)}`,
      "  or store the new value alone, to be rolled out with them: --no-deploy",
    ].join("\n"),
  );
}

/** The error of a roll-out that ended half-way, with what has the new value by now. */
async function halfWay(
  error: unknown,
  connection: KubeConfig,
  { environment }: RotateContext,
  { credential: { key }, store, old }: Rotation,
  { value, replaced }: { readonly value: string; readonly replaced: readonly ReplacedCredential[] },
): Promise<unknown> {
  if (!(error instanceof OperationError)) return error;
  const found = await inCluster(connection, replaced).catch(() => undefined);
  const state = !found
    ? "whether the cluster has it is not known"
    : found.every(({ secret }) => secret === "new")
      ? `so has ${secretNames(replaced)} in the cluster, but not every pod that reads it was made anew`
      : `the cluster still has the old one in ${secretNames(found.filter(({ secret }) => secret !== "new"))}`;
  const masker = new Masker();
  for (const secret of [old, value]) masker.learn(secret);
  const message = [
    masker.text(error.message),
    `${key}: ${store.file} has the new value; ${state}`,
    `roll it out with: ${rollOut(environment)}`,
  ].join("\n");
  return error instanceof InterruptedError ? new InterruptedError(message) : new OperationError(message);
}

async function refuseLeftOvers(
  connection: KubeConfig,
  { environment, print }: RotateContext,
  { credential: { key } }: Rotation,
  replaced: readonly ReplacedCredential[],
): Promise<void> {
  const found = await inCluster(connection, replaced).catch((error: unknown) => {
    throw clusterError("deployed, but whether the old value is gone is not known", error, environment);
  });
  const faults = found.flatMap(({ name, secret, oldPods }) => [
    ...(secret === "new"
      ? []
      : [`the Secret ${name} in the cluster does not have the new value: somebody else writes it`]),
    ...oldPods.map((pod) => `the pod ${pod} was not made anew`),
  ]);
  if (faults.length) {
    throw new OperationError(
      [
        `${key}: deployed, but`,
        ...faults.map((fault) => `  ${fault}`),
        `see npm run diff -- --environment ${environment.name}`,
      ].join("\n"),
    );
  }
  print(`${key}: ${secretNames(replaced)} in the cluster has the new value, and the old one nowhere`);
  print(`made anew: ${found.flatMap(({ newPods }) => newPods).join(", ")}`);
}

function inCluster(connection: KubeConfig, replaced: readonly ReplacedCredential[]) {
  return Promise.all(
    replaced.map(async (one) => ({ name: one.name, ...(await credentialsInCluster(connection, one)) })),
  );
}

function secretNames(secrets: readonly { readonly name: string }[]): string {
  return [...new Set(secrets.map(({ name }) => `Secret/${name}`))].join(" and ");
}

function rollOut({ name }: Environment): string {
  return `npm run deploy -- --environment ${name}`;
}
