import type { ReleaseSecret } from "../../applications/release-secrets";
import { credentialsRevisionAnnotation, unknownRevision } from "../../settings/credentials";
import { fieldOwners } from "../cluster/field-owner";
import { isController } from "../cluster/known-managers";
import type { KubernetesApi } from "../cluster/kubernetes-api";
import { fieldAt, type KubernetesObject } from "../cluster/kubernetes-object";
import type { LiveDifference } from "../diff/live-differences";
import { credentialsFingerprint } from "../secrets/fingerprint";
import type { Revisions } from "../terraform/cdktf";

/** A Secret that holds other values than those that were deployed. */
export interface SecretDrift {
  readonly secret: ReleaseSecret;
  /** The fingerprint of what was deployed. */
  readonly revision: number;
  readonly difference: LiveDifference;
}

/** The path of a Secret that Terraform fills and keeps nothing of. */
export function secretPath({ namespace, name }: ReleaseSecret): string {
  return `/api/v1/namespaces/${namespace}/secrets/${name}`;
}

/**
 * Whether the credentials in the cluster are those that were deployed. Nobody keeps them: their fingerprint is compared
 * with the revision that Terraform's state has, or the pods' annotations.
 *
 * @param revision the fingerprint of what was deployed
 * @returns undefined where they are the same, or their Secret is gone, which Terraform notices
 */
export async function secretDrift(
  api: KubernetesApi,
  environment: string,
  secret: ReleaseSecret,
  revision: number,
): Promise<SecretDrift | undefined> {
  const object = await api.find<KubernetesObject>(secretPath(secret));
  if (!object) return undefined;
  const data = Object.fromEntries(
    Object.keys(secret.keys).map((key) => [
      key,
      Buffer.from(String(fieldAt(object, "data", key) ?? ""), "base64").toString(),
    ]),
  );
  const live = await credentialsFingerprint(secret, data, environment);
  if (live === revision) return undefined;
  const owner = fieldOwners(object)
    .filter(({ fields, manager }) => fieldAt(fields, "f:data") !== undefined && !isController(manager))
    .at(-1);
  return {
    secret,
    revision,
    difference: {
      object: `Secret/${secret.name}`,
      namespace: secret.namespace,
      field: "data",
      deployed: `fingerprint ${revision}`,
      live: `fingerprint ${live}`,
      ...(owner && { changedBy: owner.manager, changedAt: owner.time }),
    },
  };
}

/** The revisions of Secrets that releases were deployed with, as the annotations of the pods that read them have them. */
export function annotatedRevisions(
  secrets: readonly ReleaseSecret[],
  objects: readonly KubernetesObject[],
): Revisions {
  return Object.fromEntries(
    secrets.flatMap((secret) => {
      const reader = objects.find(
        ({ metadata, ...object }) =>
          metadata.namespace === secret.namespace && JSON.stringify(object).includes(`"${secret.name}"`),
      );
      const found = fieldAt(
        reader,
        ...["spec", "template", "metadata", "annotations", credentialsRevisionAnnotation],
      );
      const revision = Number(found ?? unknownRevision);
      return revision > unknownRevision ? [[secret.id, revision]] : [];
    }),
  );
}
