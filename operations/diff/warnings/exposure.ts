import { allowLists } from "../../../settings/ingress-controllers";
import { fieldAt, type KubernetesObject, listAt, title } from "../../cluster/kubernetes-object";
import type { Rule } from "./warning";

const openServices = ["LoadBalancer", "NodePort"];
const routes = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "VirtualService", "Route"];

/** What can be reached from outside the cluster, and could not before. */
export const newlyExposed: Rule = (old, planned) => {
  if (!planned) return [];
  const before = old ? exposures(old) : [];
  const opened = exposures(planned).filter((exposure) => !before.includes(exposure));
  return [...opened, ...(old ? wider(old, planned) : [])].map((text) => `${title(planned)}: ${text}`);
};

/** Every way in that an object opens, in words. */
function exposures(object: KubernetesObject): string[] {
  const type = String(fieldAt(object, "spec", "type"));
  const hosts = listAt(object, "spec", "hostnames").map(String).join(", ");
  if (object.kind === "Ingress") {
    return listAt(object, "spec", "rules").map(
      (rule) => `is reached at ${String(fieldAt(rule, "host") ?? "every host name")}`,
    );
  }
  if (routes.includes(object.kind)) return [`is reached at ${hosts || "every host name"}`];
  if (object.kind !== "Service") return [];
  return [
    ...(openServices.includes(type) ? [`is reached from outside the cluster (${type})`] : []),
    ...listAt(object, "spec", "externalIPs").map((address) => `is reached on ${String(address)}`),
  ];
}

/** What more addresses may reach an Ingress than before. */
function wider(old: KubernetesObject, planned: KubernetesObject): string[] {
  const [before, after] = [sourceRanges(old), sourceRanges(planned)];
  if (planned.kind !== "Ingress" || before.length === 0) return [];
  if (after.length === 0) return [`every address may reach it, before ${before.join(", ")}`];
  const added = after.filter((range) => !before.includes(range));
  return added.length ? [`${added.join(", ")} may reach it, too`] : [];
}

function sourceRanges(ingress: KubernetesObject): string[] {
  return allowLists()
    .map((annotation) => fieldAt(ingress, "metadata", "annotations", annotation))
    .flatMap((ranges) => (typeof ranges === "string" ? ranges.split(",") : []))
    .map((range) => range.trim())
    .filter((range, i, all) => range !== "" && all.indexOf(range) === i)
    .sort();
}
