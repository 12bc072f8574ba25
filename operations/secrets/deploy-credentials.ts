import { clusterError } from "../cluster/api-error";
import type { Revisions } from "../terraform/cdktf";
import { connect } from "../cluster/kubeconfig";
import { readSecret } from "../cluster/secret";
import { OperationError } from "../errors/operation-error";
import { credentialsOf, secretsOf } from "../../applications/credentials";
import { type ReleaseSecret, secretTitle } from "../../applications/release-secrets";
import {
  type CredentialFault,
  credentialFaults,
  type CredentialValues,
  credentialName,
} from "../../settings/credentials";
import type { Environment } from "../../settings/environment";
import { completeCredentials, findCredentials } from "./find-credentials";
import { credentialsStore, managedElsewhere } from "./credentials-store";
import { revisionsOf, secretFingerprint } from "./fingerprint";
import { secretFaults } from "./managed-secret";

export interface CredentialsContext {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Environment;
  /** The process's environment. */
  readonly variables: NodeJS.ProcessEnv;
}

/** What Terraform is given of an environment's credentials. */
export interface DeployCredentials {
  /** By Terraform variable; empty where somebody else fills the Secret. */
  readonly values: CredentialValues;
  /** By Secret; each differs whenever a credential in it differs. */
  readonly revisions: Revisions;
  /** Where they come from, in words. */
  readonly source: string;
  /** False where the cluster has no place yet for a Secret that somebody else fills. */
  readonly checked: boolean;
  /** What people should know before a deploy, a line each. */
  readonly notes: readonly string[];
}

/**
 * An environment's credentials, ready for a deploy: complete and well-formed, from wherever the environment has them. Of
 * Secrets that somebody else fills only the revisions are taken; they are read from the cluster.
 *
 * @throws OperationError naming what is missing or malformed, never a value
 */
export async function deployCredentials(context: CredentialsContext): Promise<DeployCredentials> {
  const { environment } = context;
  if (environment.credentials.source === "secret") return managedCredentials(context);
  const { values, source, unread } = wellFormed(context);
  return {
    values,
    source,
    revisions: await revisionsOf(secretsOf(environment), values, environment.name),
    checked: true,
    notes: unread.map(
      (key) =>
        `${source}: ${key}: no release of ${environment.name} reads it: remove it, or have one read it: applications.RELEASE.credentials: { ${key.replace(/^TF_VAR_/, "").toUpperCase()}: given }`,
    ),
  };
}

/**
 * The credentials that this repository or the variables `TF_VAR_…` hold. None where somebody else fills the Secret.
 *
 * @throws OperationError naming what is missing or malformed
 */
export function wellFormed({ root, environment, variables }: CredentialsContext): {
  readonly values: CredentialValues;
  readonly source: string;
  readonly unread: readonly string[];
} {
  const store = credentialsStore(root, environment, variables);
  if (!store) return { values: {}, source: managedElsewhere(environment), unread: [] };
  const found = findCredentials(root, environment, variables);
  const faults = credentialFaults(credentialsOf(environment), found.values);
  if (faults.length === 0)
    return { values: completeCredentials(found), source: found.source, unread: found.unread };
  const missing = faults.filter((fault) => fault.missing).map(({ name }) => name);
  const byOthers = credentialsOf(environment).filter(
    ({ variable, bytes }) => missing.includes(variable) && bytes === undefined,
  );
  const option = `--environment ${environment.name}`;
  const advice = [
    ...(missing.length > byOthers.length
      ? [`make what is missing with: npm run secrets -- generate ${option}`]
      : []),
    ...byOthers.map((one) => `give the value: npm run secrets -- set ${credentialName(one)} ${option}`),
    ...(missing.length < faults.length ? [`correct what is malformed in ${found.source}`] : []),
    ...(missing.length > 0 ? ["or set TF_VAR_… of what is missing"] : []),
  ].join("; ");
  throw faulty(environment, `looked in TF_VAR_… and ${store.file}`, faults, advice);
}

/** @param faults none where the place itself is missing */
function faulty(
  { name }: Environment,
  where: string,
  faults: readonly CredentialFault[],
  next: string,
): OperationError {
  const texts = faults.map(({ text }) => text);
  const missing = faults.filter((fault) => fault.missing).map((fault) => fault.name);
  const found = [
    ...(missing.length ? [`missing: ${missing.join(", ")}`] : []),
    ...faults.filter((fault) => !fault.missing).map(({ text }) => text),
  ];
  return new OperationError(
    [`credentials of ${name} (${where}):`, ...(texts.length ? texts : ["missing"]), next].join("\n  "),
    { found: `${found.join("; ") || "missing"} (${where})`, next },
  );
}

async function managedCredentials(context: CredentialsContext): Promise<DeployCredentials> {
  const { root, environment, variables } = context;
  const connection = connect(root, environment);
  const source = managedElsewhere(environment);
  const unused = credentialsOf(environment)
    .map(({ variable }) => `TF_VAR_${variable}`)
    .filter((set) => variables[set]);
  const notes = unused.length ? [`${unused.join(", ")}: set and not used: ${source}`] : [];
  const revisions: Record<string, number> = {};
  const owners: string[] = [];
  // By Secret: several kinds of pods may read one.
  const wrong = new Map<string, FaultySecret[]>();
  let checked = true;
  for (const secret of secretsOf(environment)) {
    const title = secretTitle(secret);
    const found = await readSecret(connection, secret).catch((error: unknown) => {
      throw clusterError(`the Secret ${title}`, error, environment);
    });
    if (found === "no namespace") {
      checked = false;
      notes.push(
        `the namespace ${secret.namespace} is not there yet: its pods wait until somebody makes the Secret ${secret.name} in it, ` +
          "and the deploy after that restarts them once",
      );
      continue;
    }
    const faults = found ? secretFaults(secret, found.data) : [];
    if (!found || faults.length) {
      wrong.set(title, [...(wrong.get(title) ?? []), { secret, faults, owner: found?.owner }]);
      continue;
    }
    revisions[secret.id] = await secretFingerprint(found.data, environment.name);
    owners.push(`the Secret ${title}${found.owner ? `, made by ${found.owner}` : ""}`);
  }
  const errors = [...wrong].map(([title, all]) => faultyManaged(environment, title, all));
  if (errors.length > 1) throw new OperationError(errors.map(({ message }) => message).join("\n"));
  if (errors[0]) throw errors[0];
  return {
    values: {},
    revisions,
    source: checked ? [...new Set(owners)].join("; ") : source,
    checked,
    notes: [...new Set(notes)],
  };
}

interface FaultySecret {
  readonly secret: ReleaseSecret;
  /** None where it is not there. */
  readonly faults: readonly CredentialFault[];
  readonly owner: string | undefined;
}

function faultyManaged(
  environment: Environment,
  title: string,
  all: readonly FaultySecret[],
): OperationError {
  const owner = all[0]?.owner;
  const where = `the Secret ${title} in the context ${environment.cluster.context}`;
  const faults = all.flatMap((one) => one.faults);
  const keys = [...new Set(all.flatMap((one) => Object.keys(one.secret.keys)))];
  const expected = faults.length > 0 ? "" : `, with the keys ${keys.join(", ")}`;
  const next = `correct it where it is made${owner ? ` (${owner})` : ""}${expected}, not here: credentials.source in environments/${environment.name}.yaml is secret`;
  return faulty(environment, where, faults, next);
}
