import type { KubernetesApi } from "../cluster/kubernetes-api";
import { fieldOwners } from "../cluster/field-owner";
import { fieldAt, type KubernetesObject } from "../cluster/kubernetes-object";
import type { LiveDifference } from "../diff/live-differences";
import { credentialsFingerprint } from "../secrets/fingerprint";
import { credentials, credentialsNamespace, credentialsSecretName } from "../../settings/credentials";
import { isController } from "./controllers";

/** Path of the Secret that Terraform fills and keeps nothing of. */
export const credentialsSecretPath = `/api/v1/namespaces/${credentialsNamespace}/secrets/${credentialsSecretName}`;

/**
 * Whether the credentials in the cluster are those that were deployed. Nobody keeps them: their fingerprint is compared
 * with the revision that Terraform's state has, or the pods' annotations.
 *
 * @param revision the fingerprint of what was deployed
 * @returns undefined where they are the same, or their Secret is gone, which Terraform notices
 */
export async function credentialsDrift(
  api: KubernetesApi,
  environment: string,
  revision: number,
): Promise<LiveDifference | undefined> {
  const secret = await api.find<KubernetesObject>(credentialsSecretPath);
  if (!secret) return undefined;
  const values = Object.fromEntries(
    credentials.map(({ variable, key }) => [
      variable,
      Buffer.from(String(fieldAt(secret, "data", key) ?? ""), "base64").toString(),
    ]),
  );
  const live = credentialsFingerprint(values, environment);
  if (live === revision) return undefined;
  const owner = fieldOwners(secret)
    .filter(({ fields, manager }) => fieldAt(fields, "f:data") !== undefined && !isController(manager))
    .at(-1);
  return {
    object: `Secret/${credentialsSecretName}`,
    namespace: credentialsNamespace,
    field: "data",
    deployed: `fingerprint ${revision}`,
    live: `fingerprint ${live}`,
    ...(owner && { changedBy: owner.manager, changedAt: owner.time }),
  };
}

/** The annotation of pods that read the credentials, which repeats the revision that they were deployed with. */
const annotation = "llm-platform/credentials-revision";

/** The revision of the credentials that a release was deployed with, where its pods read them. */
export function annotatedRevision(manifest: readonly KubernetesObject[]): number | undefined {
  for (const object of manifest) {
    const found = fieldAt(object, "spec", "template", "metadata", "annotations", annotation);
    if (found !== undefined) return Number(found);
  }
  return undefined;
}
