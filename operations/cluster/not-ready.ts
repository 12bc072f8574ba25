import type { KubeConfig } from "@kubernetes/client-node";
import { printable } from "../terminal/printable";
import { KubernetesApi } from "./kubernetes-api";
import { readNamespaceObjects } from "./namespace-objects";
import { notReadyFindings } from "./not-ready-findings";
import type { ContainerLog, NotReadyReason } from "./not-ready-reason";

/** How many lines of a log are shown. */
const lines = 8;

/**
 * Why what is in a namespace is not ready: pods, claims, hooks. Reads only.
 *
 * @param mask hides secrets in what containers and controllers have said. @default - nothing is hidden
 * @returns empty where everything is ready, or nothing is known
 */
export async function notReadyReasons(
  connection: KubeConfig,
  namespace: string,
  mask: (text: string) => string = (text) => text,
): Promise<NotReadyReason[]> {
  const findings = notReadyFindings(await readNamespaceObjects(connection, namespace));
  return Promise.all(
    findings.map(async ({ object, reason, detail, next, logOf }) => {
      const log = logOf ? await lastLines(connection, namespace, logOf) : [];
      return {
        object,
        reason,
        detail: mask(detail),
        next,
        ...(log.length > 0 && { log: log.map((line) => mask(line)) }),
      };
    }),
  );
}

async function lastLines(
  connection: KubeConfig,
  namespace: string,
  { pod, container, previous }: ContainerLog,
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
