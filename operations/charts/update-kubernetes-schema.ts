import {
  cutKubernetesSchema,
  type OpenApiDocument,
  openApiPaths,
} from "../../contracts/cut-kubernetes-schema";
import { kubernetesSchemaFile, kubernetesSchemaText } from "../../contracts/kubernetes-schema";
import { loadSettings } from "../../applications/load-settings";
import { clusterError } from "../cluster/api-error";
import { connect } from "../cluster/kubeconfig";
import { KubernetesApi } from "../cluster/kubernetes-api";
import type { ChartsContext } from "./charts-context";
import { kubernetesTypesFile } from "../schemas/schemas";
import { writeTogether } from "./update-chart";

/** Takes Kubernetes's own description of its objects from a cluster, cut down to what charts make. */
export async function updateKubernetesSchema({
  root,
  environment: name,
  print,
}: ChartsContext): Promise<void> {
  const { environment } = loadSettings(root, { ENVIRONMENT: name });
  const api = new KubernetesApi(connect(root, environment));
  const [{ gitVersion }, ...documents] = await Promise.all([
    api.get<{ gitVersion: string }>("/version"),
    ...openApiPaths.map((path) => api.get<OpenApiDocument>(`/openapi/v3/${path}`)),
  ]).catch((error: unknown) => {
    throw clusterError("nothing was written", error, environment);
  });
  const schema = cutKubernetesSchema(gitVersion, documents);
  const { file, text } = kubernetesTypesFile(schema);
  writeTogether(root, [
    [kubernetesSchemaFile, kubernetesSchemaText(schema)],
    [file, text],
  ]);
  print(`${kubernetesSchemaFile}: ${Object.keys(schema.types).length} types of Kubernetes ${gitVersion}`);
}
