import type { CredentialsStore } from "../secrets/stored-credentials";
import type { KubeConfig } from "@kubernetes/client-node";
import { clusterError } from "../cluster/api-error";
import { credentialsInCluster, type ReplacedCredential } from "../cluster/credentials-in-cluster";
import { connect } from "../cluster/kubeconfig";
import { Masker } from "../secrets/masking";
import type { PlannedResource } from "../diff/resource-changes";
import { InterruptedError } from "../errors/interrupted-error";
import { OperationError } from "../errors/operation-error";

import { secretsOf } from "../../applications/credentials";
import type { ReleaseSecret } from "../../applications/release-secrets";
import { newCredential } from "../secrets/find-credentials";
import { credentialNamed, storeForRotation } from "../secrets/rotation";
import { type Credential, credentialName } from "../../settings/credentials";
import type { Environment } from "../../settings/environment";
import { stacks, synthesize } from "../terraform/cdktf";
import { withoutRepetition } from "../terminal/progress";
import { withKeptPlans } from "./apply";
import { changesIn, type KeptPlan } from "./apply-plan";
import { applyPlans } from "./apply-plans";
import { locked } from "./recorded";
import { type CredentialsContext, deployCredentials } from "../secrets/deploy-credentials";

export interface RotateContext extends CredentialsContext {
  /** Takes lines. */
  readonly print: (lines: string) => void;
  /** Throws unless the answer is yes. @default - nobody is asked */
  readonly ask?: (question: string) => Promise<void>;
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
  const { root, environment, variables, print, deploy, ask } = context;
  const credential = credentialNamed(environment, name);
  if (credential.bytes === undefined || credential.keptElsewhere) throw refusal(environment, credential);
  const store = storeForRotation(root, environment, variables, credential);
  const before = await deployCredentials(context);
  const old = before.values[credential.variable] ?? "";
  const isReplaced = (key: ReleaseSecret["keys"][string]) => key.credential.variable === credential.variable;
  const secrets = secretsOf(environment).filter(({ keys }) => Object.values(keys).some(isReplaced));
  const rotation: Rotation = { credential, store, old, secrets };
  if (!deploy) {
    print(`${credential.key} of ${environment.name}, in ${store.file}: a new random value`);
    await question(context, rotation);
    replace(context, rotation, newCredential(credential.bytes));
    print(`the cluster still has the old one: ${rollOut(environment)}`);
    return;
  }
  const value = newCredential(credential.bytes);
  const after = await deployCredentials({
    ...context,
    variables: { ...variables, [`TF_VAR_${credential.variable}`]: value },
  });
  const replaced = secrets.flatMap(({ namespace, name, id, keys }) =>
    Object.entries(keys)
      .filter(([, key]) => isReplaced(key))
      .map(([key, { text }]) => ({
        ...{ namespace, name, key, old: text(old), value: text(value) },
        revisions: { old: String(before.revisions[id]), new: String(after.revisions[id]) },
      })),
  );
  const cdktf = { root, environment, variables, credentials: after };
  const masker = new Masker();
  for (const secret of [old, value]) masker.learn(secret);
  masker.learnCredentials(Object.values(after.values));
  await synthesize(cdktf);
  await locked({ root, environment, action: "rotate", say: print }, (locked) =>
    withKeptPlans(cdktf, async (plan) => {
      const { connection, interruption, record, withoutLock } = locked;
      print("looking whether anything else waits to be deployed");
      const plans = await interruption.orInterrupted(plan(cdktf, environment, stacks));
      refuseOtherChanges(environment, plans, replaced);
      print(`${credential.key} of ${environment.name}, in ${store.file}: a new random value`);
      print(
        `  what changes: ${plans
          .flatMap(changesIn)
          .map(({ address }) => address)
          .join(", ")}`,
      );
      const asked = () => question(context, rotation);
      await (ask === undefined && !credential.encrypts ? asked() : withoutLock(asked));
      replace(context, rotation, value);
      try {
        await record(async () => {
          const progress = withoutRepetition({ line: print, status: (text) => print(`  ${text}`) });
          const mask = (text: string): string => masker.log(text);
          await applyPlans({ context: cdktf, environment, connection, interruption, progress, mask }, plans);
          return { result: "succeeded", note: credential.key };
        });
      } catch (error) {
        throw await halfWay(error, connection, context, rotation, { masker, replaced });
      }
    }),
  );
  await refuseLeftOvers(connect(root, environment), context, rotation, replaced);
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
  if (whenReplaced !== undefined) print(`  ${whenReplaced}`);
  const pods = secrets.map((secret) => secret.pods);
  if (deploy) print(`  these pods of the release ${release} restart: ${pods.join(", ")}`);
  if (encrypts) {
    await askForName(`${key} encrypts ${encrypts}: replace it, so that nobody can read those any more?`, key);
  }
  await ask?.(
    deploy
      ? `replace ${key} of ${name} and deploy it to the context ${cluster.context}?`
      : `replace ${key} in ${store.file}, without deploying it?`,
  );
}

function replace(
  { environment, print }: RotateContext,
  { credential, store }: Rotation,
  value: string,
): void {
  store.replace(`TF_VAR_${credential.variable}`, value);
  print(`${credential.key}: ${store.file} has a new value; the old one is in it no more`);
  if (environment.credentials.source === "sops") {
    print(`commit ${store.file}; Git's history keeps the old value, encrypted`);
  }
}

/**
 * A roll-out deploys the whole working tree: what else is in it must have been deployed before. What the new value changes
 * would change nothing if the revisions of its Secrets were the old ones.
 */
function refuseOtherChanges(
  environment: Environment,
  plans: readonly KeptPlan[],
  replaced: readonly ReplacedCredential[],
): void {
  const withOldRevisions = (value: unknown): string =>
    replaced.reduce(
      (text, { revisions }) => text.replaceAll(revisions.new, revisions.old),
      JSON.stringify(value),
    );
  const isOther = ({ action, before = {}, after = {} }: PlannedResource): boolean =>
    action !== "change" ||
    Object.entries(after).some(([name, value]) => {
      const text = withOldRevisions(value);
      return !text.includes("(known after apply)") && text !== JSON.stringify(before[name]);
    });
  const changed = plans.filter((plan) => changesIn(plan).some(isOther)).map(({ stack }) => stack);
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
  { credential: { key }, store }: Rotation,
  { masker, replaced }: { readonly masker: Masker; readonly replaced: readonly ReplacedCredential[] },
): Promise<unknown> {
  if (!(error instanceof OperationError)) return error;
  const found = await inCluster(connection, replaced).catch(() => undefined);
  const state = !found
    ? "whether the cluster has it is not known"
    : found.every(({ secret }) => secret === "new")
      ? `so has ${secretNames(replaced)} in the cluster, but not every pod that reads it was made anew`
      : `the cluster still has the old one in ${secretNames(found.filter(({ secret }) => secret !== "new"))}`;
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
