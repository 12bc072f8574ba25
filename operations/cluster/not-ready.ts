import type { KubeConfig } from "@kubernetes/client-node";
import { lastLines } from "./last-lines";
import { readNamespaceObjects } from "./namespace-objects";
import { notReadyFindings } from "./not-ready-findings";
import type { NotReadyReason } from "./not-ready-reason";

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
      const log = logOf ? await lastLines(connection, namespace, logOf, lines) : [];
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
