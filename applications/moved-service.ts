import { valuePlace } from "../contracts/value-source";
import type { ApplicationValues } from "../settings/values";
import { SettingsError } from "../settings/settings-error";
import { isMap, type YamlMap } from "../settings/yaml-file";
import type { ApplicationRelease, ServingPods } from "./application";

/** Where charts of `helm create`, of Bitnami and those written after them take names from. */
const nameKeys = ["fullnameOverride", "nameOverride", "service.nameOverride"];
const namespaceKeys = ["namespaceOverride", "global.namespaceOverride"];
/** Where they take ports from. Of a map of ports the one that is meant is called `http` or like the pods. */
const portKeys = [
  "service.port",
  "service.ports",
  "service.targetPort",
  "service.containerPort",
  "service.internalPort",
  "container.containerPort",
  "containerPort",
  "containerPorts",
  "port",
];
const labelKeys = ["podLabels", "commonLabels", "labels"];

/** A value that stands in a file, and what it would have to be. */
interface Found {
  readonly path: readonly string[];
  /** As people write it. */
  readonly key: string;
  readonly value: unknown;
  readonly known: string;
}

/**
 * Refuses values by which pods or their Service would be called otherwise, or listen elsewhere, than policies and addresses
 * know them: nobody would reach them. What says the same as the platform does is no fault.
 *
 * @throws SettingsError with one line a key
 */
export function refuseMovedService(
  root: string,
  release: Pick<ApplicationRelease, "name" | "namespace" | "application">,
  { files }: ApplicationValues,
): void {
  const faults = files.flatMap((file) =>
    movedService(release, file.values).map(
      ({ path, key, value, known }) =>
        `${valuePlace(root, file, path, key)}: found ${JSON.stringify(value)}: policies and addresses know ${known} of the release ${release.name}: remove it`,
    ),
  );
  if (faults.length) throw new SettingsError(faults.join("\n"));
}

/** What among some values would do so. */
export function movedService(
  release: Pick<ApplicationRelease, "name" | "namespace" | "application">,
  values: YamlMap,
): Found[] {
  const entries = Object.entries(release.application.pods);
  return entries
    .filter(([, pods]) => !pods.isFixed)
    .flatMap(([name, pods]) => moved(release, values, pods === entries[0]?.[1] ? "" : name, pods));
}

/** @param subchart key of its values; empty for the pods of the chart itself */
function moved(
  { name, namespace, application }: Pick<ApplicationRelease, "name" | "namespace" | "application">,
  all: YamlMap,
  subchart: string,
  pods: ServingPods,
): Found[] {
  const prefix = subchart && `${subchart}.`;
  const service = application.service(name);
  const at = (keys: readonly string[]): [key: string, value: unknown][] =>
    keys.map((key) => [`${prefix}${key}`, valueAt(all, `${prefix}${key}`.split("."))]);
  // The name that the chart has anyway, and the one that its Service gets from it.
  const full = !subchart ? service : name.includes(subchart) ? name : `${name}-${subchart}`;
  const same = (key: string, value: unknown): boolean =>
    (key === `${prefix}nameOverride` && value === (subchart || application.chart)) ||
    (value === full &&
      (key === `${prefix}fullnameOverride` || (subchart !== "" && key === `${prefix}service.nameOverride`)));
  const names = at(nameKeys).filter(([key, value]) => isSet(value) && !same(key, value));
  const namespaces = at(namespaceKeys).filter(([, value]) => isSet(value) && value !== namespace);
  const ports = at([...portKeys, ...(pods.portKeys ?? [])])
    .flatMap(([key, value]): [string, unknown][] =>
      isMap(value)
        ? ["http", subchart.split(".").at(-1) ?? ""].map((one) => [`${key}.${one}`, value[one]])
        : [[key, value]],
    )
    .filter(([, value]) => isSet(value) && !isReached(value, pods.port));
  const labels = at(labelKeys).flatMap(([key, value]): Found[] =>
    Object.entries(pods.labels(name))
      .filter(([label, known]) => isMap(value) && isSet(value[label]) && value[label] !== known)
      .map(([label, known]) => ({
        path: [...key.split("."), label],
        key: `${key}["${label}"]`,
        value: (value as YamlMap)[label],
        known: `the label ${label}=${known}`,
      })),
  );
  const found = (known: string, of: [key: string, value: unknown][]): Found[] =>
    of.map(([key, value]) => ({ path: key.split("."), key, value, known }));
  return [
    ...found("the names that follow from the name", names),
    ...found(`the namespace ${namespace}`, namespaces),
    ...found(`the port ${pods.port}`, ports),
    ...labels,
  ];
}

function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isMap(at) ? at[key] : undefined), values);
}

/** What is empty leaves a chart to its own. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

/**
 * Whether what listens there is reached at the port. A Service may name a port of its pods instead of counting it, and a program takes
 * an address to listen at.
 */
function isReached(value: unknown, port: number): boolean {
  const text = String(value);
  if (/^(localhost|127\.|\[?::1\b)/.test(text)) return false;
  const [, found] = /(?:^|:)(\d+)$/.exec(text) ?? [];
  return found === undefined || Number(found) === port;
}
