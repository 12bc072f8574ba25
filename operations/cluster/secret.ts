import { CoreV1Api, type KubeConfig, type V1ObjectMeta } from "@kubernetes/client-node";
import { statusCode } from "./api-error";

/** The data of a Secret, decoded. */
export interface SecretData {
  readonly [key: string]: string;
}

/** A Secret as the cluster has it. */
export interface FoundSecret {
  readonly data: SecretData;
  /** Who made it, such as `ExternalSecret/chat` or `kubectl`, or undefined where nothing says so. */
  readonly owner?: string;
}

/**
 * Reads a Secret.
 *
 * @returns "no namespace" where not even its namespace is there, undefined where the Secret alone is missing
 * @throws ApiException when the API server refuses, or does not answer
 */
export async function readSecret(
  connection: KubeConfig,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<FoundSecret | "no namespace" | undefined> {
  const api = connection.makeApiClient(CoreV1Api);
  try {
    const { data = {}, metadata } = await api.readNamespacedSecret({ namespace, name });
    return {
      data: Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
      ),
      owner: ownerOf(metadata),
    };
  } catch (error) {
    if (statusCode(error) !== 404) throw error;
  }
  try {
    await api.readNamespace({ name: namespace });
    return undefined;
  } catch (error) {
    if (statusCode(error) === 404) return "no namespace";
    throw error;
  }
}

function ownerOf(metadata: V1ObjectMeta | undefined): string | undefined {
  const [owner] = metadata?.ownerReferences ?? [];
  return owner ? `${owner.kind}/${owner.name}` : metadata?.managedFields?.[0]?.manager;
}
