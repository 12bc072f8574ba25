import { toYaml } from "../../../settings/yaml-file";
import { fieldAt, type KubernetesObject, listAt, type ObjectPair } from "../../cluster/kubernetes-object";
import { isNothing } from "../same-value";
import { inNamespace, type Rule } from "./warning";

const directions = [
  { type: "Ingress", rules: "ingress", peers: "from", lets: "lets in" },
  { type: "Egress", rules: "egress", peers: "to", lets: "lets out to" },
] as const;

/** Policies that let more through than before: they add up, so that a new one may, too. */
export const loosenedPolicies: Rule = (old, planned, all) => {
  const any = planned ?? old;
  return any?.kind === "NetworkPolicy"
    ? loosened(old, planned, all).map((text) => `${inNamespace(any)}: ${text}`)
    : [];
};

function loosened(
  old: KubernetesObject | undefined,
  planned: KubernetesObject | undefined,
  all: readonly ObjectPair[],
): string[] {
  if (!planned) {
    return old && restricted(old).some((type) => opens(old, type, all))
      ? ["is removed: pods that no other policy selects are open to everybody"]
      : [];
  }
  const before = old ? ways(old) : [];
  const opened = ways(planned)
    .filter((way) => !before.some((other) => covers(other, way)))
    .map(({ lets, peer, port }) => `${lets} ${peer} on ${port}`);
  // What nobody closed is open without it.
  const wasOpen = (type: string): boolean => {
    const neighbours = all.flatMap(({ old: policy }) =>
      policy?.kind === "NetworkPolicy" && policy.metadata.namespace === planned.metadata.namespace
        ? [policy]
        : [],
    );
    return neighbours.length > 0 && !neighbours.some((policy) => restricted(policy).includes(type));
  };
  if (!old) return restricted(planned).every(wasOpen) ? [] : opened.map((way) => `is new and ${way}`);
  const dropped = restricted(old).filter((type) => !restricted(planned).includes(type));
  const [was, is] = [old, planned].map((policy) => selector(fieldAt(policy, "spec", "podSelector")));
  return [
    ...restricted(planned)
      .filter((type) => !restricted(old).includes(type) && wasOpen(type))
      .map((type) => `now closes ${type}: what no other policy names is not reached any more`),
    ...dropped.map((type) => `no longer restricts ${type}`),
    ...(was === is ? [] : [`selects other pods: those of ${was} before`]),
    ...opened.map((way) => `now also ${way}`),
  ];
}

/** Whether pods are open in a direction once a policy is gone: none that stays selects them, and they stay themselves. */
function opens(old: KubernetesObject, type: string, all: readonly ObjectPair[]): boolean {
  const { namespace } = old.metadata;
  const goes = all.some(
    ({ old: gone, new: stays }) => gone?.kind === "Namespace" && gone.metadata.name === namespace && !stays,
  );
  const selects = (policy: unknown): string => selector(fieldAt(policy, "spec", "podSelector"));
  return (
    !goes &&
    !all.some(
      ({ new: policy }) =>
        policy?.kind === "NetworkPolicy" &&
        policy.metadata.namespace === namespace &&
        restricted(policy).includes(type) &&
        [everyLabel, selects(old)].includes(selects(policy)),
    )
  );
}

function restricted(policy: KubernetesObject): string[] {
  const types = listAt(policy, "spec", "policyTypes").map(String);
  // What Kubernetes takes where nothing is said.
  return types.length ? types : ["Ingress", ...(listAt(policy, "spec", "egress").length ? ["Egress"] : [])];
}

/** One peer on one port that a policy lets through, in words. */
interface Way {
  readonly lets: string;
  readonly peer: string;
  readonly port: string;
}

const everyLabel = "every label";
const everybody = "everybody";
const everyPort = "every port";

function covers(wide: Way, way: Way): boolean {
  return (
    wide.lets === way.lets &&
    [everybody, way.peer].includes(wide.peer) &&
    [everyPort, way.port].includes(wide.port)
  );
}

/** Every peer on every port: each is compared on its own. */
function ways(policy: KubernetesObject): Way[] {
  return directions
    .filter(({ type }) => restricted(policy).includes(type))
    .flatMap(({ rules, peers, lets }) =>
      listAt(policy, "spec", rules).flatMap((rule) => {
        const ports = orAny(listAt(rule, "ports"));
        return orAny(listAt(rule, peers)).flatMap((peer) =>
          ports.map((port) => ({ lets, peer: peerName(peer), port: portName(port) })),
        );
      }),
    );
}

/** An empty list means everything. */
function orAny(items: readonly unknown[]): readonly unknown[] {
  return items.length ? items : [undefined];
}

function peerName(peer: unknown): string {
  if (peer === undefined) return everybody;
  const block = fieldAt(peer, "ipBlock");
  if (!isNothing(block)) {
    const except = listAt(block, "except").map(String);
    return `${String(fieldAt(block, "cidr"))}${except.length ? ` except ${except.join(", ")}` : ""}`;
  }
  const [pods, namespaces] = [fieldAt(peer, "podSelector"), fieldAt(peer, "namespaceSelector")];
  return [
    `pods of ${selector(pods)}`,
    ...(namespaces === undefined ? [] : [`in namespaces of ${selector(namespaces)}`]),
  ].join(" ");
}

function portName(port: unknown): string {
  if (port === undefined) return everyPort;
  const number = fieldAt(port, "port");
  const end = fieldAt(port, "endPort");
  return `${isNothing(number) ? everyPort : `port ${String(number)}`}${isNothing(end) ? "" : ` to ${String(end)}`}/${String(fieldAt(port, "protocol") ?? "TCP")}`;
}

/** Labels in words; what is said of them otherwise as YAML writes it. */
function selector(value: unknown): string {
  if (isNothing(value)) return everyLabel;
  const { matchLabels, ...rest } = value as { matchLabels?: object };
  const labels = Object.entries(matchLabels ?? {}).map(([label, wanted]) => `${label}=${String(wanted)}`);
  const others = isNothing(rest) ? [] : [toYaml(rest).replace(/\s+/g, " ").trim()];
  return [...labels.sort(), ...others].join(",");
}
