import type { KubeConfig, V1Node } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { type IncurableFinding, incurableFindings, isOf } from "./incurable";
import { KubernetesApi } from "./kubernetes-api";
import type { KubernetesObject } from "./kubernetes-object";
import { lastLines } from "./last-lines";
import { type NamespaceObjects, readNamespaceObjects } from "./namespace-objects";
import { time } from "./object-events";
import { restartLines } from "./restarts";
import { leavingLines, madeSince, rolloutLines } from "./rollout";
import { isSimulatedNode } from "./simulated-node";

/** Between two looks at a release where there are few: a look is eight questions. */
const pollMs = 1000;

/** How many looks there are in a second where there are many: the API server has a deploy to answer. */
const looksPerSecond = 5;

/** How long something must have been incurable without a break before it is given up. */
const patienceMs = 20_000;

/** How long what was there before a revision was begun is taken for what goes; afterwards it is what is waited for. */
const handOverMs = 10_000;

/** A release that is being deployed. */
export interface WatchedRelease {
  readonly name: string;
  readonly namespace: string;
}

export interface ReleaseWatch {
  /** Whether it is taken away. @default false */
  readonly leaves?: boolean;
  /** How many releases are watched at this moment. @default - this one alone */
  readonly watched?: () => number;
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

/** Looks at the namespace of a release once a second, or less often where many are watched, and tells when something is new. */
export function watchRelease(
  connection: KubeConfig,
  { name, namespace }: WatchedRelease,
  { leaves = false, watched = () => 1, onRollout, onIncurable }: ReleaseWatch,
): RunningWatch {
  const end = new AbortController();
  let first: NamespaceObjects | undefined;
  let newest: NamespaceObjects | undefined;
  void (async () => {
    let last = "";
    let since: number | undefined;
    let begun: { readonly at: number; readonly seen: number } | undefined;
    const linesOf = (objects: NamespaceObjects): string[] => {
      if (leaves) return leavingLines(objects);
      if (!begun) return [];
      const handsOver = performance.now() - begun.seen < handOverMs;
      return rolloutLines(handsOver ? madeSince(objects, begun.at) : objects);
    };
    while (!end.signal.aborted) {
      // Where the API is away for a moment, Helm says so in the end; the next look may find it again.
      const [objects, at] = await Promise.all([
        readNamespaceObjects(connection, namespace).catch(() => undefined),
        begun?.at ?? begunAt(connection, { name, namespace }).catch(() => undefined),
      ]);
      if (end.signal.aborted) return;
      if (at !== undefined) begun ??= { at, seen: performance.now() };
      first ??= objects;
      newest = objects ?? newest;
      const lines = objects
        ? [...linesOf(objects), ...(await jobLines(connection, namespace, objects, name))]
        : [];
      if (end.signal.aborted) return;
      const text = lines.join("\n");
      if (text !== last && text !== "") onRollout(lines);
      last = text;
      const vain = objects && first ? newlyIncurable(first, objects, name) : [];
      since = vain.length ? (since ?? Date.now()) : undefined;
      onIncurable(since !== undefined && Date.now() - since >= patienceMs ? vain : []);
      await sleep(pauseMs(watched()), undefined, { signal: end.signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    end: () => end.abort(),
    restarts: () => (first && newest ? restartLines(first, newest, name) : []),
  };
}

/** How long one of so many releases is left alone between two looks, in milliseconds. */
export function pauseMs(watched: number): number {
  return Math.max(pollMs, (1000 * watched) / looksPerSecond);
}

/** When Helm began the revision that it is at, by the API server's clock in milliseconds; undefined before. */
async function begunAt(
  connection: KubeConfig,
  { name, namespace }: WatchedRelease,
): Promise<number | undefined> {
  const pending = "status in (pending-install,pending-upgrade,pending-rollback)";
  const selector = encodeURIComponent(`owner=helm,name=${name},${pending}`);
  const { items } = await new KubernetesApi(connection).get<{ readonly items: readonly KubernetesObject[] }>(
    `/api/v1/namespaces/${namespace}/secrets?labelSelector=${selector}`,
    // Without what the Secrets hold, which may be a megabyte.
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
  );
  const [secret] = items;
  return secret && time(String(secret.metadata.creationTimestamp));
}

/** What the Jobs of a release that run have said last, such as how far a download is. */
async function jobLines(
  connection: KubeConfig,
  namespace: string,
  objects: NamespaceObjects,
  release: string,
): Promise<string[]> {
  const running = objects.pods.filter(
    ({ metadata, status }) =>
      status?.phase === "Running" &&
      metadata?.ownerReferences?.some(({ kind }) => kind === "Job") &&
      isOf(metadata, release, objects),
  );
  const api = new KubernetesApi(connection);
  const said = running.map(async ({ metadata, spec }) => {
    const node = await api.find<V1Node>(`/api/v1/nodes/${spec?.nodeName}`).catch(() => undefined);
    // What a simulated pod says is that it is one.
    if (node && isSimulatedNode(node)) return [];
    return lastLines(connection, namespace, { pod: metadata?.name ?? "", previous: false }, 1);
  });
  return (await Promise.all(said)).flat();
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
