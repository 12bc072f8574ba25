import { credentialsOf, type CredentialsEnvironment, secretsOf } from "../../applications/credentials";
import type { CredentialValues } from "../../settings/credentials";
import { fieldAt, listAt } from "../cluster/kubernetes-object";
import type { CdktfContext, Revisions } from "./cdktf";
import { terraformInitialized } from "./terraform";

/**
 * Well-formed values in place of credentials that are not there, such as in a fork's pull request. They end nowhere: a
 * plan passes the real ones on only where their revision changes.
 */
export function placeholders(environment: CredentialsEnvironment): CredentialValues {
  return Object.fromEntries(
    credentialsOf(environment).map(({ variable, bytes = 1 }) => [variable, "0".repeat(bytes * 2)]),
  );
}

/** The revisions of the Secrets that are deployed, as a stack's state has them: with them no credential differs. */
export async function deployedRevisions(
  context: CdktfContext,
  stack: string,
  environment: CredentialsEnvironment,
): Promise<Revisions> {
  const { exitCode, stdout } = await terraformInitialized(context, stack, ["state", "pull"]);
  // No state is an empty answer; one that cannot be read fails the plan, too, which says why.
  if (exitCode !== 0 || stdout.trim() === "") return {};
  const attributes = listAt(JSON.parse(stdout), "resources")
    .filter((resource) => fieldAt(resource, "type") === "kubernetes_secret_v1")
    .flatMap((resource) => listAt(resource, "instances"))
    .map((instance) => fieldAt(instance, "attributes"));
  return revisionsIn(attributes, environment);
}

/** The revisions of an environment's Secrets among resources, by the attributes of these. */
export function revisionsIn(resources: readonly unknown[], environment: CredentialsEnvironment): Revisions {
  return Object.fromEntries(
    secretsOf(environment).flatMap(({ id, namespace, name }) => {
      const found = resources.find((attributes) => {
        const metadata = listAt(attributes, "metadata")[0];
        return fieldAt(metadata, "name") === name && fieldAt(metadata, "namespace") === namespace;
      });
      const revision = fieldAt(found, "data_wo_revision");
      return typeof revision === "number" ? [[id, revision]] : [];
    }),
  );
}
