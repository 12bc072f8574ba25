import type { Destination } from "../constructs/app-namespace";
import type { Application, ApplicationRelease, ServingPods } from "./application";
import { mainPods } from "./release-url";
import type { YamlMap } from "../settings/yaml-file";

/** Who may reach which pods of a release: one NetworkPolicy. */
export interface AllowedTraffic {
  /** Name of the policy, such as `librechat-to-ollama`. */
  readonly policy: string;
  /** Name of the release that is reached. */
  readonly release: string;
  /** Namespace of the pods that are reached. */
  readonly namespace: string;
  /** Labels of them. */
  readonly to: { readonly [label: string]: string };
  readonly port: number;
  readonly from: {
    readonly namespace: string;
    /** @default - every pod of the namespace */
    readonly labels?: { readonly [label: string]: string };
  };
}

/**
 * Everything that reaches a release, behind a policy that lets nobody in: the releases that need it, the ingress controller
 * where it is exposed, and its own pods.
 *
 * @param controllerNamespace where the ingress controller runs
 * @param values what its values files say
 * @throws Error where the application lets pods in, or reaches some, that it does not say what they are
 */
export function allowedTraffic(
  release: ApplicationRelease,
  releases: readonly ApplicationRelease[],
  controllerNamespace: string,
  values: YamlMap = {},
): AllowedTraffic[] {
  const { name, namespace, application } = release;
  const main = mainPods(application);
  const target = { release: name, namespace };
  const to = { ...target, to: main.labels(name), port: main.port };
  return [
    ...releases
      .filter(({ needs }) => needs.includes(name))
      .map((other) => ({
        policy: `${other.name}-to-${name}`,
        ...to,
        from: { namespace: other.namespace, labels: mainPods(other.application).labels(other.name) },
      })),
    ...(release.own.ingress
      ? [{ policy: `ingress-to-${name}`, ...to, from: { namespace: controllerNamespace } }]
      : []),
    ...(application.within?.(values) ?? []).map(([from, reached]) => {
      const { labels, port } = podsWithin(application, reached);
      return {
        policy: `${senderName(release, from)}-to-${objectName(reached)}`,
        ...target,
        to: labels(name),
        port,
        from: { namespace, labels: labelsOf(application, from)(name) },
      };
    }),
  ];
}

/** What some pods of a release may reach: one NetworkPolicy. */
export interface OutgoingTraffic {
  /** Name of the policy, such as `librechat-egress`. */
  readonly policy: string;
  /** Labels of the pods that are let out. */
  readonly from: { readonly [label: string]: string };
  readonly destinations: readonly Destination[];
}

/**
 * Everything that the pods of a release reach, behind a policy that lets nobody out: whatever lets them in, what their
 * application is known to need, and what the environment names.
 *
 * @param traffic what is let in, of all releases
 */
export function outgoingTraffic(
  release: ApplicationRelease,
  traffic: readonly AllowedTraffic[],
): OutgoingTraffic[] {
  const { name, namespace, application, own } = release;
  const main = mainPods(application);
  return [...Object.keys(application.pods), ...Object.keys(application.clients ?? {})].flatMap((key) => {
    const pods = application.pods[key];
    const from = labelsOf(application, key)(name);
    const same = JSON.stringify(from);
    const isOfThese = ({ pods: named }: { readonly pods?: string }): boolean =>
      named === undefined ? pods === main : named === key;
    const destinations: Destination[] = [
      ...traffic
        .filter(
          ({ from: sender }) => sender.namespace === namespace && JSON.stringify(sender.labels) === same,
        )
        .map(({ namespace, to, port }) => ({ to: { namespace, labels: to }, ports: [port] })),
      ...(application.egress?.(own) ?? []).filter(isOfThese).map(({ to, ports }) => ({ to, ports })),
      ...own.egress.filter(isOfThese).map(({ cidr, namespace = "", ports }) => ({
        to: cidr === undefined ? { namespace } : { cidr },
        ports,
      })),
    ];
    return destinations.length ? [{ policy: `${senderName(release, key)}-egress`, from, destinations }] : [];
  });
}

function senderName({ name, application }: ApplicationRelease, pods: string): string {
  return application.pods[pods] === mainPods(application) ? name : `${name}-${objectName(pods)}`;
}

/** The keys of values as names of objects are: in lower case, with - between words. */
function objectName(pods: string): string {
  return pods.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll(".", "-");
}

function labelsOf(application: Application, pods: string): ServingPods["labels"] {
  return application.clients?.[pods] ?? podsWithin(application, pods).labels;
}

/** Without its labels a policy would be one of every pod. */
function podsWithin({ name, pods }: Application, key: string): ServingPods {
  const found = pods[key];
  if (found) return found;
  throw new Error(
    `within of the application ${name}: found ${key}, which is none of its pods (there are: ${Object.keys(pods).join(", ")})`,
  );
}
