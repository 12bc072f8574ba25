import type { KubeConfig } from "@kubernetes/client-node";
import { printable } from "../terminal/printable";
import { KubernetesApi } from "./kubernetes-api";
import type { ContainerLog } from "./not-ready-reason";

/** The last lines of a container's log; none where it cannot be had. */
export async function lastLines(
  connection: KubeConfig,
  namespace: string,
  { pod, container, previous }: ContainerLog,
  lines: number,
): Promise<string[]> {
  const api = new KubernetesApi(connection);
  const of = `/api/v1/namespaces/${namespace}/pods/${pod}/log?tailLines=${lines}${container ? `&container=${container}` : ""}`;
  const read = (previous: boolean) => api.text(`${of}&previous=${previous}`);
  try {
    // The run before may be gone with its node's disk; the one that runs is better than nothing.
    const text = await read(previous).catch(() => read(false));
    return printable(text)
      .split("\n")
      .map((line) => line.trimEnd())
      .filter(Boolean)
      .slice(-lines);
  } catch {
    return [];
  }
}
