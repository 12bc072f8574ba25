import type { CredentialValues } from "../../settings/credentials";
import { credentials, credentialsSecretName } from "../../settings/credentials";
import type { CdktfContext } from "./cdktf";
import { fieldAt, listAt } from "../cluster/kubernetes-object";
import { terraformInitialized } from "./terraform";

/** The first revision, and that of a state in which there is none yet. */
const firstRevision = 1;

/**
 * Well-formed values in place of credentials that are not there, such as in a fork's pull request. They end nowhere: a
 * plan passes the real ones on only where their revision changes.
 */
export function placeholders(): CredentialValues {
  return Object.fromEntries(credentials.map(({ variable, bytes }) => [variable, "0".repeat(bytes * 2)]));
}

/** The revision of the credentials that are deployed, as a stack's state has it: with it no credential differs. */
export async function deployedRevision(context: CdktfContext, stack: string): Promise<number> {
  const { exitCode, stdout } = await terraformInitialized(context, stack, ["state", "pull"]);
  // No state is an empty answer; one that cannot be read fails the plan, too, which says why.
  if (exitCode !== 0 || stdout.trim() === "") return firstRevision;
  const attributes = listAt(JSON.parse(stdout), "resources")
    .filter((resource) => fieldAt(resource, "type") === "kubernetes_secret_v1")
    .flatMap((resource) => listAt(resource, "instances"))
    .map((instance) => fieldAt(instance, "attributes"));
  return revisionIn(attributes) ?? firstRevision;
}

/** The revision of the credentials in the attributes of resources; undefined where their Secret is not among them. */
export function revisionIn(resources: readonly unknown[]): number | undefined {
  const secret = resources.find(
    (values) => fieldAt(listAt(values, "metadata")[0], "name") === credentialsSecretName,
  );
  const revision = fieldAt(secret, "data_wo_revision");
  return typeof revision === "number" ? revision : undefined;
}
