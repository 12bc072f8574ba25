import type { DeployRecord } from "./deploy-record";
import type { KubeConfig, V1ConfigMap } from "@kubernetes/client-node";
import type { Environment } from "../../settings/environment";
import { statusCode } from "./api-error";
import { keptRecords } from "./kept-records";
import { KubernetesApi } from "./kubernetes-api";

/** Where the records of an environment are, and its lock. */
export interface DeployRecordsProps {
  readonly connection: KubeConfig;
  readonly namespace: string;
  /** Name of the environment. */
  readonly environment: string;
}

/** Where an environment has them. */
export function recordsAt(connection: KubeConfig, { name, cluster }: Environment): DeployRecordsProps {
  return { connection, namespace: cluster.recordsNamespace, environment: name };
}

/** The ConfigMap that holds them, one key a record. */
function configMapAt({ connection, namespace, environment }: DeployRecordsProps) {
  const api = new KubernetesApi(connection);
  const name = `llm-platform-${environment}-records`;
  const collection = `/api/v1/namespaces/${namespace}/configmaps`;
  const path = `${collection}/${name}`;
  return { api, name, collection, path, read: () => api.find<V1ConfigMap>(path) };
}

/** The records of an environment, the newest first. */
export async function readRecords(props: DeployRecordsProps): Promise<DeployRecord[]> {
  const found = await configMapAt(props).read();
  return recordsOf(found).sort((a, b) => b.id.localeCompare(a.id));
}

/** What somebody has written by hand and is no record is left out. */
function recordsOf(found: V1ConfigMap | undefined): DeployRecord[] {
  return Object.entries(found?.data ?? {}).flatMap(([id, text]) => {
    try {
      const record = JSON.parse(text) as DeployRecord;
      return record?.id === id ? [record] : [];
    } catch {
      return [];
    }
  });
}

/**
 * Writes a record, in the place of the one with the same id. Those that matter least go when there are more than 50.
 *
 * They are in a ConfigMap that neither Terraform nor Helm knows: no plan shows them.
 */
export async function writeRecord(props: DeployRecordsProps, record: DeployRecord): Promise<void> {
  const { api, name, collection, path, read } = configMapAt(props);
  for (let attempt = 0; ; attempt++) {
    const found = await read();
    const records = [...recordsOf(found).filter(({ id }) => id !== record.id), record];
    const data = Object.fromEntries(keptRecords(records).map((kept) => [kept.id, JSON.stringify(kept)]));
    try {
      if (found) await api.replace(path, { ...found, data });
      else await api.create(collection, configMap(props.namespace, name, data));
      return;
    } catch (error) {
      // Somebody else wrote in between: theirs is read and kept.
      if (statusCode(error) !== 409 || attempt === 4) throw error;
    }
  }
}

function configMap(namespace: string, name: string, data: { [id: string]: string }): V1ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace, labels: { "app.kubernetes.io/part-of": "llm-platform" } },
    data,
  };
}
