import type { KubeConfig, V1ObjectMeta, V1Secret } from "@kubernetes/client-node";
import { KubernetesApi } from "./kubernetes-api";

/** The data of a Secret, decoded. */
export interface SecretData {
  readonly [key: string]: string;
}

/** A Secret as the cluster has it. */
export interface FoundSecret {
  readonly data: SecretData;
  /** Who made it, such as `ExternalSecret/chat` or `kubectl`. @default - undefined where nothing says so */
  readonly owner?: string;
}

/**
 * Reads a Secret.
 *
 * @returns "no namespace" where not even its namespace is there, undefined where the Secret alone is missing
 * @throws ApiError when the API server refuses, or does not answer
 */
export async function readSecret(
  connection: KubeConfig,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<FoundSecret | "no namespace" | undefined> {
  const api = new KubernetesApi(connection);
  const inNamespace = `/api/v1/namespaces/${namespace}`;
  const found = await api.find<V1Secret>(`${inNamespace}/secrets/${name}`);
  if (!found) return (await api.find(inNamespace)) ? undefined : "no namespace";
  const { data = {}, metadata } = found;
  return {
    data: Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
    ),
    owner: ownerOf(metadata),
  };
}

function ownerOf(metadata: V1ObjectMeta | undefined): string | undefined {
  const [owner] = metadata?.ownerReferences ?? [];
  return owner ? `${owner.kind}/${owner.name}` : metadata?.managedFields?.[0]?.manager;
}
