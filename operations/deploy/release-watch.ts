import type { KubeConfig } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { readNamespaceObjects } from "../cluster/namespace-objects";
import { rolloutLines } from "./rollout";

const pollMs = 1000;

/** A release that is being deployed. */
export interface WatchedRelease {
  readonly name: string;
  readonly namespace: string;
}

/**
 * Looks at the namespace of a release once a second, and tells when something is new.
 *
 * @param onRollout takes what is going on at this moment
 * @returns ends it
 */
export function watchRelease(
  connection: KubeConfig,
  release: WatchedRelease,
  onRollout: (lines: readonly string[]) => void,
): () => void {
  const end = new AbortController();
  void (async () => {
    let last = "";
    while (!end.signal.aborted) {
      // Where the API is away for a moment, Helm says so in the end; the next look may find it again.
      const lines = await readNamespaceObjects(connection, release.namespace).then(rolloutLines, () => []);
      const text = lines.join("\n");
      if (text !== last && text !== "" && !end.signal.aborted) onRollout(lines);
      last = text;
      await sleep(pollMs, undefined, { signal: end.signal, ref: false }).catch(() => undefined);
    }
  })();
  return () => end.abort();
}
