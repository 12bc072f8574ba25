import { splitPath } from "../contracts/value-path";
import { isMap, parseYamlMap, type YamlMap } from "../settings/yaml-file";
import { effectiveValue, isRead } from "./chart-defaults";
import { declaredObjects } from "./kubernetes-objects";
import type { Fault, Rule, SynthesizedRelease } from "./rule";
import { block, type Entry, faultsIn } from "./walk";

const why = "policies add up, and this one opens what those of the platform close";
const advice = "switch it off: those of the platform let in who needs it";

/** A NetworkPolicy that lets every pod of the cluster in, be it of a chart, of a manifest or of the stacks. */
export const openNetwork: Rule = {
  name: "open-network",
  faults: (stack) => [
    ...stack.releases.flatMap((release) => [
      ...openedByChart(release),
      ...faultsIn(release.values, release.place, manifestFault),
    ]),
    ...declaredObjects(stack)
      .filter(({ kind, attributes }) => kind === "NetworkPolicy" && letsEverybodyIn(attributes.spec))
      .map(({ place }) => ({
        place: place([]),
        text: `the NetworkPolicy lets everybody in: ${why}: name who may, with AppNamespace.allow`,
      })),
  ],
};

/** As Bitnami's charts have it, and those written after them: whoever does not say who may come lets all come. */
function openedByChart(release: SynthesizedRelease): Fault[] {
  return Object.keys(release.contract?.keys ?? {})
    .filter((key) => /(^|\.)networkPolicy\.enabled$/.test(key))
    .filter((key) => effectiveValue(release, key) === true && isRead(release, splitPath(key)))
    .flatMap((key) => {
      const beside = (name: string): unknown => effectiveValue(release, key.replace(/enabled$/, name));
      const rules = beside("extraIngress") ?? beside("customRules");
      const isOpen = beside("allowExternal") === true || letsEverybodyIn({ ingress: rules });
      return isOpen
        ? [
            {
              place: release.place(splitPath(key)),
              text: `the chart's NetworkPolicy lets every pod of the cluster in: ${why}: ${advice}`,
            },
          ]
        : [];
    });
}

/** A manifest among values: charts have a list of more objects to make, as maps or as text. */
function manifestFault({ value, key }: Entry): string | undefined {
  const items = Array.isArray(value) ? (value as unknown[]) : [value];
  const open = items.some((item) => {
    const object = typeof item === "string" ? manifestIn(item, key) : item;
    return isMap(object) && object.kind === "NetworkPolicy" && letsEverybodyIn(object.spec);
  });
  return open
    ? `a NetworkPolicy that lets everybody in: ${why}: say who may come (ingress[].from)`
    : undefined;
}

function manifestIn(text: string, key: string): YamlMap | undefined {
  if (!/^kind: *NetworkPolicy/m.test(text)) return undefined;
  try {
    return parseYamlMap(text, key);
  } catch {
    // A template, or several objects.
    return undefined;
  }
}

/** @param spec in Kubernetes' own words, or in Terraform's */
function letsEverybodyIn(spec: unknown): boolean {
  const { ingress } = block(spec);
  return listOf(ingress).some((rule) => {
    const from = listOf(block(rule).from);
    return from.length === 0 || from.some(isEverybody);
  });
}

function isEverybody(peer: unknown): boolean {
  const found = block(peer);
  const pods = found.podSelector ?? found.pod_selector;
  const namespaces = found.namespaceSelector ?? found.namespace_selector;
  const { cidr } = block(found.ipBlock ?? found.ip_block);
  if (cidr !== undefined) return /\/0$/.test(String(cidr));
  return isMap(namespaces) && selectsAll(namespaces) && (pods === undefined || selectsAll(pods));
}

function selectsAll(selector: unknown): boolean {
  return Object.keys(block(selector)).length === 0;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}
