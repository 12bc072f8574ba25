import type { KubeConfig } from "@kubernetes/client-node";
import * as fs from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import type { Environment } from "../../settings/environment";
import { nearest } from "../../settings/nearest";
import { OperationError } from "../errors/operation-error";

/** Absolute path of the kubeconfig that an environment names. */
export function kubeconfigPath(root: string, { cluster }: Pick<Environment, "cluster">): string {
  return path.resolve(root, cluster.kubeconfig.replace(/^~(?=\/|$)/, homedir()));
}

/**
 * The connection to an environment's cluster: its kubeconfig and its context, never the current one.
 *
 * @throws OperationError when the file or the context is not there
 */
export function connect(root: string, environment: Environment): KubeConfig {
  const file = kubeconfigPath(root, environment);
  const where = `environments/${environment.name}.yaml`;
  if (!fs.existsSync(file)) {
    const found = `${where}: cluster.kubeconfig: ${environment.cluster.kubeconfig} is not there`;
    const next = `start the cluster first${environment.name === "sandbox" ? " with npm run up" : ", or name another file"}`;
    throw new OperationError(`${found}: ${next}`, { found, next });
  }
  // Loaded where a cluster is asked, and nowhere else: it takes a third of a second.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const client = require("@kubernetes/client-node") as typeof import("@kubernetes/client-node");
  const config = new client.KubeConfig();
  config.loadFromFile(file);
  const { context } = environment.cluster;
  const names = config.getContexts().map(({ name }) => name);
  if (!names.includes(context)) {
    const meant = nearest(context, names);
    throw new OperationError(
      `${where}: cluster.context: ${environment.cluster.kubeconfig} has no context "${context}"${meant ? `, did you mean ${meant}?` : ""} (there are: ${names.join(", ") || "none"})`,
    );
  }
  config.setCurrentContext(context);
  return config;
}
