import type { Variables } from "./stored-credentials";
import { clusterError } from "../cluster/api-error";
import { connect } from "../cluster/kubeconfig";
import { readSecret } from "../cluster/secret";
import { OperationError } from "../errors/operation-error";
import { completeCredentials, findCredentials } from "./find-credentials";
import { credentialsStore } from "./credentials-store";
import { credentialsFingerprint, secretFingerprint } from "./fingerprint";
import { secretFaults } from "./managed-secret";
import {
  type CredentialFault,
  credentialFaults,
  credentials,
  credentialsNamespace,
  type CredentialValues,
} from "../../settings/credentials";
import { secretNameOf } from "../../settings/credentials-source";
import type { Environment } from "../../settings/environment";

export interface CredentialsContext {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Environment;
  /** The process's environment. */
  readonly variables: Variables;
}

/** What Terraform is given of an environment's credentials. */
export interface DeployCredentials {
  /** By Terraform variable; empty where somebody else fills the Secret. */
  readonly values: CredentialValues;
  /** Differs whenever a credential differs. */
  readonly revision: number;
  /** Where they come from, in words. */
  readonly source: string;
  /** False where the cluster has no place yet for a Secret that somebody else fills. */
  readonly checked: boolean;
  /** What people should know before a deploy, a line each. */
  readonly notes: readonly string[];
}

/** The revision where nothing is known of the credentials: Terraform's default of the variable. */
const unknownRevision = 1;

/**
 * An environment's credentials, ready for a deploy: complete and well-formed, from wherever the environment has them. Of a
 * Secret that somebody else fills only the revision is taken; it is read from the cluster.
 *
 * @throws OperationError naming what is missing or malformed, never a value
 */
export async function deployCredentials(context: CredentialsContext): Promise<DeployCredentials> {
  const { environment } = context;
  if (environment.credentials.source === "secret") return managedCredentials(context);
  const { values, source } = wellFormed(context);
  return {
    values,
    source,
    revision: credentialsFingerprint(values, environment.name),
    checked: true,
    notes: [],
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
} {
  const store = credentialsStore(root, environment, variables);
  if (!store) return { values: {}, source: managedSource(environment) };
  const found = findCredentials(root, environment, variables);
  const faults = credentialFaults(found.values);
  if (faults.length === 0) return { values: completeCredentials(found), source: found.source };
  const advice =
    found.source === "nowhere"
      ? `make them with: npm run secrets -- generate --environment ${environment.name}, or set TF_VAR_jwt_secret and the others`
      : `correct them in ${found.source}`;
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

/** The Secret that somebody else fills, in words. */
function managedSource({ credentials: source }: Environment): string {
  return `the Secret ${credentialsNamespace}/${secretNameOf(source)}, which somebody else fills`;
}

async function managedCredentials(context: CredentialsContext): Promise<DeployCredentials> {
  const { root, environment, variables } = context;
  const name = secretNameOf(environment.credentials);
  const shown = `${credentialsNamespace}/${name}`;
  const connection = connect(root, environment);
  const found = await readSecret(connection, { namespace: credentialsNamespace, name }).catch(
    (error: unknown) => {
      throw clusterError(`the Secret ${shown}`, error, environment);
    },
  );
  const unused = credentials.map(({ variable }) => `TF_VAR_${variable}`).filter((set) => variables[set]);
  const notes = unused.length
    ? [`${unused.join(", ")}: set and not used: the environment takes its credentials from ${shown}`]
    : [];
  if (found === "no namespace") {
    return {
      values: {},
      revision: unknownRevision,
      source: managedSource(environment),
      checked: false,
      notes: [
        ...notes,
        `the namespace ${credentialsNamespace} is not there yet: its pods wait until somebody makes the Secret ${name} in it, ` +
          "and the deploy after that restarts them once",
      ],
    };
  }
  const faults = found ? secretFaults(found.data) : [];
  const owner = found?.owner;
  if (!found || faults.length) throw faultyManaged(environment, faults, owner);
  return {
    values: {},
    revision: secretFingerprint(found.data, environment.name),
    source: `the Secret ${shown}${owner ? `, made by ${owner}` : ""}`,
    checked: true,
    notes,
  };
}

function faultyManaged(
  environment: Environment,
  faults: readonly CredentialFault[],
  owner: string | undefined,
): OperationError {
  const { context } = environment.cluster;
  const name = secretNameOf(environment.credentials);
  const where = `the Secret ${credentialsNamespace}/${name} in the context ${context}`;
  const next = `correct it where it is made${owner ? ` (${owner})` : ""}, not here: credentials.source in environments/${environment.name}.yaml is secret`;
  return faulty(environment, where, faults, next);
}
