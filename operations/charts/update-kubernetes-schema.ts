import execa from "execa";
import * as os from "node:os";
import * as path from "node:path";
import {
  cutKubernetesSchema,
  type OpenApiDocument,
  openApiPaths,
} from "../../contracts/cut-kubernetes-schema";
import { kubernetesSchemaFile, kubernetesSchemaText } from "../../contracts/kubernetes-schema";
import { loadSettings } from "../../applications/load-settings";
import { OperationError } from "../errors/operation-error";
import type { ChartsContext } from "./charts-context";
import { kubernetesTypesFile } from "../schemas/schemas";
import { writeTogether } from "./update-chart";

/** Takes Kubernetes's own description of its objects from a cluster, cut down to what charts make. */
export async function updateKubernetesSchema(
  { root, environment, print }: ChartsContext,
  kubectl: string,
): Promise<void> {
  const { cluster } = loadSettings(root, { ENVIRONMENT: environment }).environment;
  const kubeconfig = path.resolve(root, cluster.kubeconfig.replace(/^~(?=\/)/, os.homedir()));
  const get = async (url: string): Promise<unknown> => {
    const { stdout } = await execa(kubectl, [
      ...["--kubeconfig", kubeconfig, "--context", cluster.context],
      ...["get", "--raw", url],
    ]).catch((error: Error) => {
      throw new OperationError(
        `the API server of ${cluster.context} did not answer: ${error.message.split("\n").at(-1)}`,
      );
    });
    return JSON.parse(stdout);
  };
  const { gitVersion } = (await get("/version")) as { gitVersion: string };
  const documents = await Promise.all(openApiPaths.map((name) => get(`/openapi/v3/${name}`)));
  const schema = cutKubernetesSchema(gitVersion, documents as OpenApiDocument[]);
  const { file, text } = kubernetesTypesFile(schema);
  writeTogether(root, [
    [kubernetesSchemaFile, kubernetesSchemaText(schema)],
    [file, text],
  ]);
  print(`${kubernetesSchemaFile}: ${Object.keys(schema.types).length} types of Kubernetes ${gitVersion}`);
}
