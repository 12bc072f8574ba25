import { declaredObjects } from "./kubernetes-objects";
import type { Fault, Rule, SynthesizedRelease, UnguardedApplication } from "./rule";
import { block, entries } from "./walk";

const advice =
  "give the annotations an allow-list (nginx.ingress.kubernetes.io/whitelist-source-range) or authentication (auth-url, auth-type or auth-tls-secret)";

/** A release of an application without authentication, where anybody reaches it. */
export const openRelease: Rule = {
  name: "open-release",
  faults: (stack) =>
    stack.unguarded.flatMap((application) => {
      const why = `${application.title} has no authentication, and whoever reaches it can do with it what they like`;
      return [
        ...stack.releases
          .filter(({ chart }) => chart === application.chart)
          .flatMap((release) => exposedByChart(release, why)),
        ...declaredObjects(stack)
          .filter(
            ({ kind, attributes, metadata }) =>
              kind === "Ingress" && leadsTo(application, attributes, metadata),
          )
          .filter(({ metadata }) => !isGuarded(metadata.annotations))
          .map(({ place }) => ({
            place: place([]),
            text: `an ingress without authentication or an allow-list: ${why}: ${advice}`,
          })),
      ];
    }),
};

function exposedByChart({ values, place }: SynthesizedRelease, why: string): Fault[] {
  const [ingress, service] = [block(values.ingress), block(values.service)];
  const faults: Fault[] = [];
  if (ingress.enabled === true && !isGuarded(ingress.annotations)) {
    faults.push({
      place: place(["ingress", "annotations"]),
      text: `an ingress without authentication or an allow-list: ${why}: ${advice}`,
    });
  }
  const type = String(service.type);
  if (["NodePort", "LoadBalancer"].includes(type)) {
    faults.push({
      place: place(["service", "type"]),
      text: `found ${type}, which opens a port outside the cluster without authentication or an allow-list: ${why}: use ClusterIP`,
    });
  }
  for (const key of ["httpRoute", "gateway"]) {
    if (block(values[key]).enabled !== true) continue;
    faults.push({
      place: place([key, "enabled"]),
      text: `a route of the Gateway API has neither authentication nor an allow-list: ${why}: use the ingress of the release in the environment, which has`,
    });
  }
  return faults;
}

/** By its namespace, or by a Service that it names: of another namespace too, which a Service there may stand for. */
function leadsTo(
  { releases }: UnguardedApplication,
  attributes: { readonly [key: string]: unknown },
  metadata: { readonly [key: string]: unknown },
): boolean {
  if (releases.some(({ namespace }) => metadata.namespace === namespace)) return true;
  const isService = (name: unknown): boolean => releases.some(({ service }) => name === service);
  return entries(attributes).some(
    ({ key, value }) =>
      (key === "service" && isService(block(value).name)) ||
      (/^service_?name$/i.test(key) && isService(value)),
  );
}

/** Whether ingress-nginx asks who it is, or lets in some addresses alone. */
function isGuarded(annotations: unknown): boolean {
  const at = (name: string): string => {
    const text = block(annotations)[`nginx.ingress.kubernetes.io/${name}`];
    return typeof text === "string" ? text.trim() : "";
  };
  if (["auth-url", "auth-type", "auth-tls-secret"].some((name) => at(name) !== "")) return true;
  const ranges = (at("whitelist-source-range") || at("allowlist-source-range")).split(",").filter(Boolean);
  return ranges.length > 0 && ranges.every((range) => Number(range.split("/")[1] ?? 128) >= 7);
}
