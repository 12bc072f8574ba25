import { fieldAt, listAt } from "../cluster/kubernetes-object";
import { columns } from "../terminal/columns";

/** Who may talk to whom, as the policies say it. */
export interface Connection {
  /** Such as `chat/database`: pods of a namespace; or addresses. */
  readonly from: string;
  readonly to: string;
  /** Such as `443` or `53/UDP`. */
  readonly ports: readonly string[];
  /** What keeps it from being: one end lets it through, and the other one does not. @default - it may be */
  readonly missing?: string;
}

interface Half {
  readonly direction: "ingress" | "egress";
  readonly from: string;
  readonly to: string;
  readonly port: string;
}

/**
 * Reads the NetworkPolicies of a synthesized stack. Between two namespaces of it a connection needs both: one that lets it out, and
 * one that lets it in.
 *
 * @param configuration the content of the foundation's `cdk.tf.json`
 */
export function connectionsOf(configuration: unknown): Connection[] {
  const policies = Object.values(
    (fieldAt(configuration, "resource", "kubernetes_network_policy_v1") ?? {}) as object,
  );
  const namespaces = policies.map((policy) => String(fieldAt(policy, "metadata", "namespace")));
  const halves = policies.flatMap(halvesOf);
  const connections = new Map<string, Connection>();
  for (const { direction, from, to, port } of halves) {
    const [outer, other] = direction === "ingress" ? [from, "egress"] : [to, "ingress"];
    const isOurs = namespaces.includes(outer.split("/")[0] ?? "");
    const isWhole = halves.some(
      (half) => half.direction === other && half.from === from && half.to === to && half.port === port,
    );
    const missing =
      isOurs && !isWhole ? `no policy of ${outer} lets it ${other === "egress" ? "out" : "in"}` : undefined;
    const key = [from, to, missing].join(" ");
    const ports = [...new Set([...(connections.get(key)?.ports ?? []), port])];
    connections.set(key, { from, to, ports, ...(missing && { missing }) });
  }
  return [...connections.values()].sort((a, b) => order(a).localeCompare(order(b), "en"));
}

function order({ from, to }: Connection): string {
  return `${from} ${to}`;
}

function halvesOf(policy: unknown): Half[] {
  const own = `${String(fieldAt(policy, "metadata", "namespace"))}/${podsName(fieldAt(policy, "spec", "pod_selector"))}`;
  const rules = (direction: Half["direction"], peers: string) =>
    listAt(policy, "spec", direction).flatMap((rule) =>
      listAt(rule, peers).flatMap((peer) =>
        listAt(rule, "ports").map((port): Half => {
          const other = peerName(peer);
          const ends = direction === "ingress" ? { from: other, to: own } : { from: own, to: other };
          return { direction, ...ends, port: portName(port) };
        }),
      ),
    );
  return [...rules("ingress", "from"), ...rules("egress", "to")];
}

function peerName(peer: unknown): string {
  const range = fieldAt(peer, "ip_block");
  if (range === undefined) {
    const namespace = fieldAt(peer, "namespace_selector", "match_labels", "kubernetes.io/metadata.name");
    return `${String(namespace)}/${podsName(fieldAt(peer, "pod_selector"))}`;
  }
  const isPublic = listAt(range, "except").length > 0;
  return `${String(fieldAt(range, "cidr"))}${isPublic ? " but private" : ""}`;
}

function podsName(selector: unknown): string {
  const name = fieldAt(selector, "match_labels", "app.kubernetes.io/name");
  const labels = Object.entries((fieldAt(selector, "match_labels") ?? {}) as object);
  return name === undefined
    ? labels.map(([label, value]) => `${label}=${value}`).join(",") || "*"
    : String(name);
}

function portName(port: unknown): string {
  const protocol = String(fieldAt(port, "protocol"));
  return `${String(fieldAt(port, "port"))}${protocol === "TCP" ? "" : `/${protocol}`}`;
}

/** The connections as text of 80 columns, a line each. */
export function networkText(connections: readonly Connection[]): string {
  return columns(
    [30, 30],
    [
      ["from", "to", "port"],
      ...connections.map(({ from, to, ports, missing }) => [from, to, missing ?? ports.join(", ")]),
    ],
  );
}
