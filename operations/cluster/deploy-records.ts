import type { DeployRecord } from "./deploy-record";
import { CoreV1Api, type KubeConfig, type V1ConfigMap } from "@kubernetes/client-node";
import { statusCode } from "./api-error";
import { keptRecords } from "./kept-records";

/** Where the records of an environment are. */
export interface DeployRecordsProps {
  readonly connection: KubeConfig;
  readonly namespace: string;
  /** Name of the environment. */
  readonly environment: string;
}

/** Name of the ConfigMap that holds them, one key a record. */
function recordsName(environment: string): string {
  return `llm-platform-${environment}-records`;
}

/** The records of an environment, the newest first. */
export async function readRecords(props: DeployRecordsProps): Promise<DeployRecord[]> {
  const found = await readConfigMap(props);
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
  const { connection, namespace, environment } = props;
  const api = connection.makeApiClient(CoreV1Api);
  const name = recordsName(environment);
  for (let attempt = 0; ; attempt++) {
    const found = await readConfigMap(props);
    const records = [...recordsOf(found).filter(({ id }) => id !== record.id), record];
    const data = Object.fromEntries(keptRecords(records).map((kept) => [kept.id, JSON.stringify(kept)]));
    try {
      if (found) await api.replaceNamespacedConfigMap({ name, namespace, body: { ...found, data } });
      else await api.createNamespacedConfigMap({ namespace, body: configMap(namespace, name, data) });
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

async function readConfigMap({
  connection,
  namespace,
  environment,
}: DeployRecordsProps): Promise<V1ConfigMap | undefined> {
  try {
    return await connection
      .makeApiClient(CoreV1Api)
      .readNamespacedConfigMap({ name: recordsName(environment), namespace });
  } catch (error) {
    if (statusCode(error) === 404) return undefined;
    throw error;
  }
}
