import type { KubeConfig } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { type IncurableFinding, incurableFindings } from "./incurable";
import { type NamespaceObjects, readNamespaceObjects } from "./namespace-objects";
import { restartLines } from "./restarts";
import { rolloutLines } from "./rollout";

const pollMs = 1000;

/** How long something must have been incurable without a break before it is given up. */
const patienceMs = 20_000;

/** A release that is being deployed. */
export interface WatchedRelease {
  readonly name: string;
  readonly namespace: string;
}

export interface ReleaseWatch {
  /** What there is to tell of its namespace. @default {@link rolloutLines} */
  readonly linesOf?: (objects: NamespaceObjects) => readonly string[];
  /** Takes what is going on at this moment. */
  readonly onRollout: (lines: readonly string[]) => void;
  /** Told at every look why waiting does not make it ready; empty as long as it may. */
  readonly onIncurable: (findings: readonly IncurableFinding[]) => void;
}

export interface RunningWatch {
  readonly end: () => void;
  /** What was restarted since the watch began, a line each, as it was last looked at. */
  readonly restarts: () => readonly string[];
}

/** Looks at the namespace of a release once a second, and tells when something is new. */
export function watchRelease(
  connection: KubeConfig,
  { name, namespace }: WatchedRelease,
  { linesOf = rolloutLines, onRollout, onIncurable }: ReleaseWatch,
): RunningWatch {
  const end = new AbortController();
  let first: NamespaceObjects | undefined;
  let newest: NamespaceObjects | undefined;
  void (async () => {
    let last = "";
    let since: number | undefined;
    while (!end.signal.aborted) {
      // Where the API is away for a moment, Helm says so in the end; the next look may find it again.
      const objects = await readNamespaceObjects(connection, namespace).catch(() => undefined);
      if (end.signal.aborted) return;
      first ??= objects;
      newest = objects ?? newest;
      const lines = objects ? linesOf(objects) : [];
      const text = lines.join("\n");
      if (text !== last && text !== "") onRollout(lines);
      last = text;
      const vain = objects && first ? newlyIncurable(first, objects, name) : [];
      since = vain.length ? (since ?? Date.now()) : undefined;
      onIncurable(since !== undefined && Date.now() - since >= patienceMs ? vain : []);
      await sleep(pollMs, undefined, { signal: end.signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    end: () => end.abort(),
    restarts: () => (first && newest ? restartLines(first, newest, name) : []),
  };
}

/**
 * What cannot become ready by waiting, and was tried in vain since: what stood there before may be what is being mended, and
 * Kubernetes tries again after minutes only.
 */
export function newlyIncurable(
  before: NamespaceObjects,
  now: NamespaceObjects,
  release: string,
): IncurableFinding[] {
  const seen = new Map(
    incurableFindings(before, release).map(({ object, incurable }) => [object, incurable.seen]),
  );
  return incurableFindings(now, release).filter(
    ({ object, incurable }) => incurable.seen > (seen.get(object) ?? -1),
  );
}
