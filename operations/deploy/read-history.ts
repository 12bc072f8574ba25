import { releasesOf } from "../../applications/releases";
import { clusterError } from "../cluster/api-error";
import { lockHolder } from "../cluster/deploy-lock";
import { readRecords, recordsAt } from "../cluster/deploy-records";
import { connect } from "../cluster/kubeconfig";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { readReleases } from "../helm/read-releases";
import { type History, historyOf } from "./history";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import { nearest } from "../../settings/nearest";

/**
 * Who deployed what, when and from which commit, and Helm's revisions beside it. Reads only.
 *
 * @param app one application. @default - all, and the changes that made no revision
 * @throws OperationError where the cluster does not answer, or has no such application
 */
export async function readHistory(
  { root, environment }: { readonly root: string; readonly environment: Environment },
  app?: string,
): Promise<History> {
  const connection = connect(root, environment);
  const where = recordsAt(connection, environment);
  const deployed = releasesOf(environment);
  const names = deployed.map(({ name }) => name);
  if (app !== undefined && !names.includes(app)) {
    const meant = nearest(app, names);
    throw new OperationError(
      `history: there is no application "${app}"${meant ? `, did you mean ${meant}?` : ""} (there are: ${names.join(", ")})`,
    );
  }
  const wanted = app === undefined ? names : [app];
  try {
    const [records, releases] = await Promise.all([
      readRecords(where),
      readReleases(
        new KubernetesApi(connection),
        deployed.filter(({ name }) => wanted.includes(name)).map(({ namespace }) => namespace),
      ),
    ]);
    // Only a record that runs makes a difference: of a lock that looks expired a renewal is waited for.
    const changing = records[0]?.result === "running" && (await lockHolder(where)) !== undefined;
    const of = { environment: environment.name, context: environment.cluster.context };
    const found = historyOf(of, wanted, releases.flat(), records, changing);
    return app === undefined ? found : { ...found, others: [] };
  } catch (error) {
    throw clusterError("the history", error, environment);
  }
}
