import {
  fieldAt,
  type KubernetesObject,
  listAt,
  type ObjectPair,
  title,
} from "../../cluster/kubernetes-object";
import type { Warning } from "./warning";

const openServices = ["LoadBalancer", "NodePort"];
const routes = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "VirtualService", "Route"];
const allowedRanges = ["whitelist-source-range", "allowlist-source-range"].map(
  (name) => `nginx.ingress.kubernetes.io/${name}`,
);

/** What can be reached from outside the cluster, and could not before. */
export function newlyExposed(pairs: readonly ObjectPair[]): Warning[] {
  return pairs.flatMap(({ old, new: planned }): Warning[] => {
    if (!planned) return [];
    const opened = exposures(planned).filter((exposure) => !old || !exposures(old).includes(exposure));
    const ranges = wider(old, planned);
    return [
      ...opened.map((exposure) => ({ kind: "exposed" as const, text: `${title(planned)}: ${exposure}` })),
      ...(ranges ? [{ kind: "exposed" as const, text: `${title(planned)}: ${ranges}` }] : []),
    ];
  });
}

/** Every way in that an object opens, in words. */
function exposures(object: KubernetesObject): string[] {
  switch (object.kind) {
    case "Service": {
      const type = String(fieldAt(object, "spec", "type") ?? "");
      const addresses = listAt(object, "spec", "externalIPs").map(
        (address) => `is reached on ${String(address)}`,
      );
      return openServices.includes(type)
        ? [`is reached from outside the cluster (${type})`, ...addresses]
        : addresses;
    }
    case "Ingress":
      return listAt(object, "spec", "rules").map(
        (rule) => `is reached at ${String(fieldAt(rule, "host") ?? "every host name")}`,
      );
    default:
      if (!routes.includes(object.kind)) return [];
      return [
        `is reached at ${listAt(object, "spec", "hostnames").map(String).join(", ") || "every host name"}`,
      ];
  }
}

/** Whether more addresses may reach an Ingress than before. */
function wider(old: KubernetesObject | undefined, planned: KubernetesObject): string | undefined {
  if (planned.kind !== "Ingress" || !old) return undefined;
  const [before, after] = [sourceRanges(old), sourceRanges(planned)];
  if (before.length && after.length === 0) return `every address may reach it, before ${before.join(", ")}`;
  const added = before.length ? after.filter((range) => !before.includes(range)) : [];
  return added.length ? `${added.join(", ")} may reach it, too` : undefined;
}

function sourceRanges(ingress: KubernetesObject): string[] {
  return allowedRanges
    .map((annotation) => fieldAt(ingress, "metadata", "annotations", annotation))
    .flatMap((ranges) => (typeof ranges === "string" ? ranges.split(",") : []))
    .map((range) => range.trim())
    .filter(Boolean)
    .sort();
}
