import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { isOf } from "./incurable";
import type { NamespaceObjects } from "./namespace-objects";

/** How often the containers of a release's pods were restarted, all together. */
export function restartsOf(objects: NamespaceObjects, release: string): number {
  return containers(objects, release).reduce((sum, { container }) => sum + container.restartCount, 0);
}

/** What of a release was restarted between two looks at it, a line for each container. */
export function restartLines(before: NamespaceObjects, now: NamespaceObjects, release: string): string[] {
  const old = containers(before, release);
  return containers(now, release).flatMap(({ pod, container }) => {
    const same = old.find(
      (one) => one.pod.metadata?.uid === pod.metadata?.uid && one.container.name === container.name,
    );
    const more = container.restartCount - (same?.container.restartCount ?? 0);
    if (more <= 0) return [];
    const { reason, exitCode } = container.lastState?.terminated ?? {};
    const why =
      reason === "OOMKilled" ? "out of memory" : exitCode === undefined ? undefined : `exit code ${exitCode}`;
    return [
      `Pod/${pod.metadata?.name}: container ${container.name} was restarted ${more} ${more === 1 ? "time" : "times"}${why ? ` (${why})` : ""}`,
    ];
  });
}

function containers(
  objects: NamespaceObjects,
  release: string,
): { readonly pod: V1Pod; readonly container: V1ContainerStatus }[] {
  return objects.pods
    .filter((pod) => !pod.metadata?.deletionTimestamp && isOf(pod.metadata, release, objects))
    .flatMap((pod) =>
      [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].map(
        (container) => ({
          pod,
          container,
        }),
      ),
    );
}
