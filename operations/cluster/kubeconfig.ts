import type { KubeConfig } from "@kubernetes/client-node";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Environment } from "../../settings/environment";
import { nearest } from "../../settings/nearest";
import { OperationError } from "../errors/operation-error";
import { homeDirectory } from "../terminal/home-directory";
import { quickMs } from "./kubernetes-api";
import { kubernetesClient } from "./kubernetes-client";
import { proxyFor } from "./proxy";

/** Absolute path of the kubeconfig that an environment names. */
export function kubeconfigPath(root: string, { cluster }: Pick<Environment, "cluster">): string {
  return path.resolve(root, cluster.kubeconfig.replace(/^~(?=\/|$)/, homeDirectory));
}

/**
 * The connection to an environment's cluster: its kubeconfig and its context, never the current one.
 *
 * @param variables name a proxy, where the kubeconfig names none. @default - this process's
 * @throws OperationError when the file or the context is not there
 */
export function connect(
  root: string,
  environment: Environment,
  variables: NodeJS.ProcessEnv = process.env,
): KubeConfig {
  const file = kubeconfigPath(root, environment);
  const where = `environments/${environment.name}.yaml`;
  if (!fs.existsSync(file)) {
    const found = `${where}: cluster.kubeconfig: ${environment.cluster.kubeconfig} is not there`;
    const next = `start the cluster first${environment.name === "sandbox" ? " with npm run up" : ", or name another file"}`;
    throw new OperationError(`${found}: ${next}`, { found, next });
  }
  const config = readKubeconfig(file);
  const { context } = environment.cluster;
  const names = config.getContexts().map(({ name }) => name);
  if (!names.includes(context)) {
    const meant = nearest(context, names);
    throw new OperationError(
      `${where}: cluster.context: ${environment.cluster.kubeconfig} has no context "${context}"${meant ? `, did you mean ${meant}?` : ""} (there are: ${names.join(", ") || "none"})`,
    );
  }
  config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  const proxyUrl = cluster && (cluster.proxyUrl || proxyFor(cluster.server, variables));
  config.clusters = config.clusters.map((one) => (one === cluster && proxyUrl ? { ...one, proxyUrl } : one));
  return impatient(config);
}

/** A file as it is, with the context that is current in it. */
export function readKubeconfig(file: string): KubeConfig {
  const { KubeConfig } = kubernetesClient("config");
  const config = new KubeConfig();
  config.loadFromFile(file);
  return config;
}

/** A connection that waits for no WebSocket longer than that, such as a port-forward: the library waits for ever. */
export function impatient(config: KubeConfig, timeoutMs = quickMs): KubeConfig {
  const apply = config.applyToHTTPSOptions.bind(config);
  config.applyToHTTPSOptions = async (options) => {
    await apply(options);
    Object.assign(options, { handshakeTimeout: timeoutMs });
  };
  return config;
}
