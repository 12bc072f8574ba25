import {
  allowLists,
  type ControllerName,
  controllerOfClass,
  controllersWithAllowLists,
  ingressController,
} from "../settings/ingress-controllers";
import { splitPath } from "../contracts/value-path";
import { effectiveValue, isRead } from "./chart-defaults";
import { declaredObjects } from "./kubernetes-objects";
import type { Fault, Rule, SynthesizedRelease, SynthesizedStack, UnguardedApplication } from "./rule";
import { block, entries } from "./walk";

const ports = ["NodePort", "LoadBalancer"];

/** A release of an application without authentication, where anybody reaches it, and what stands behind one that has. */
export const openRelease: Rule = {
  name: "open-release",
  faults: (stack) => [
    ...stack.releases.flatMap(openedBehind),
    ...stack.unguarded.flatMap((application) => {
      const why = `${application.title} has no authentication, and whoever reaches it can do with it what they like`;
      return [
        ...stack.releases
          .filter(({ chart }) => chart === application.chart)
          .flatMap((release) => exposedByChart(release, why, stack)),
        ...declaredObjects(stack)
          .filter(
            ({ kind, attributes, metadata }) =>
              kind === "Ingress" && leadsTo(application, attributes, metadata),
          )
          .flatMap(({ place, attributes, metadata }) => {
            const spec = block(attributes.spec);
            const text = openIngress(
              controllerOf(spec.ingress_class_name ?? spec.ingressClassName, stack),
              metadata.annotations,
              why,
            );
            return text === undefined ? [] : [{ place: place([]), text }];
          }),
      ];
    }),
  ],
};

/** What a chart opens of a database and the like, beside the Service and the Ingress of the application itself. */
function openedBehind(release: SynthesizedRelease): Fault[] {
  return Object.keys(release.contract?.keys ?? {})
    .filter((key) => /\.(service\.type|(ingress|httpRoute)\.enabled)$/.test(key))
    .filter((key) => [true, ...ports].includes(effectiveValue(release, key) as string))
    .filter((key) => isRead(release, splitPath(key)))
    .map((key) => ({
      place: release.place(splitPath(key)),
      text: `found ${String(effectiveValue(release, key))}, which opens to the outside what the application alone needs to reach, and what comes through a node no NetworkPolicy keeps out for certain: remove it`,
    }));
}

function exposedByChart(
  { values, place }: SynthesizedRelease,
  why: string,
  stack: SynthesizedStack,
): Fault[] {
  const [ingress, service] = [block(values.ingress), block(values.service)];
  const faults: Fault[] = [];
  const open = openIngress(controllerOf(ingress.className, stack), ingress.annotations, why);
  if (ingress.enabled === true && open !== undefined) {
    faults.push({ place: place(["ingress", "annotations"]), text: open });
  }
  const type = String(service.type);
  if (ports.includes(type)) {
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

/** What serves an ingress: that of the environment where it names no class, or the environment's. */
function controllerOf(className: unknown, { ingress }: SynthesizedStack): ControllerName | undefined {
  return typeof className !== "string" || ["", ingress.className].includes(className)
    ? ingress.controller
    : controllerOfClass(className);
}

/** What is wrong with an ingress whose controller neither asks who it is nor lets in some addresses alone. */
function openIngress(
  controller: ControllerName | undefined,
  annotations: unknown,
  why: string,
): string | undefined {
  const at = (name: string): string => {
    const text = block(annotations)[name];
    return typeof text === "string" ? text.trim() : "";
  };
  const authentication = ingressController(controller)?.authentication ?? [];
  if (authentication.some((name) => at(name) !== "")) return undefined;
  const lists = allowLists([controller ?? "other"]);
  const ranges = (lists.map(at).find(Boolean) ?? "").split(",").filter(Boolean);
  if (ranges.length > 0 && ranges.every((range) => Number(range.split("/")[1] ?? 128) >= 7)) return undefined;
  const advice = [
    ...(lists.length ? [`an allow-list (${lists.join(" or ")})`] : []),
    ...(authentication.length ? [`authentication (${authentication.join(", ")})`] : []),
  ].join(" or ");
  return `an ingress without authentication or an allow-list: ${why}: ${
    advice ? `give the annotations ${advice}` : `use a class of ${controllersWithAllowLists()}`
  }`;
}
