import type { Application, ApplicationRelease, ServingPods } from "./application";
import { mainPods } from "./release-url";
import type { YamlMap } from "../settings/yaml-file";

/** Who may reach which pods of a release: one NetworkPolicy. */
export interface AllowedTraffic {
  /** Name of the policy, such as `librechat-to-ollama`. */
  readonly policy: string;
  /** Labels of the pods that are reached. */
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
  const to = { to: main.labels(name), port: main.port };
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
    ...(application.within?.(values) ?? []).map(([from, target]) => {
      const { labels, port } = podsWithin(application, target);
      const client = application.clients?.[from] ?? podsWithin(application, from).labels;
      const sender = application.pods[from] === main ? name : `${name}-${objectName(from)}`;
      return {
        policy: `${sender}-to-${objectName(target)}`,
        to: labels(name),
        port,
        from: { namespace, labels: client(name) },
      };
    }),
  ];
}

/** The keys of values as names of objects are: in lower case, with - between words. */
function objectName(pods: string): string {
  return pods.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll(".", "-");
}

/** Without its labels a policy would be one of every pod. */
function podsWithin({ name, pods }: Application, key: string): ServingPods {
  const found = pods[key];
  if (found) return found;
  throw new Error(
    `within of the application ${name}: found ${key}, which is none of its pods (there are: ${Object.keys(pods).join(", ")})`,
  );
}
