import { isMap } from "../settings/yaml-file";
import { usedDefaults } from "./chart-defaults";
import { declaredObjects, texts } from "./kubernetes-objects";
import type { Fault, Rule } from "./rule";
import { entries, type Entry } from "./walk";

const enforce = "pod-security.kubernetes.io/enforce";

/** A pod that has the node: whoever gets into it has every pod on that node. */
export const privilegedPod: Rule = {
  name: "privileged-pod",
  faults: (stack) => [
    ...stack.releases.flatMap((release) => [
      ...entries(release.values).flatMap((entry) => nodeAccess(entry, () => release.place(entry.path))),
      ...usedDefaults(release, (key, value) => value === true && isSwitch(key)).map(({ path }) => ({
        place: release.place(path),
        text: `is not set, and the chart ${release.chart} has it on: ${consequence}`,
      })),
    ]),
    ...declaredObjects(stack)
      .filter(({ kind }) => !kind.startsWith("PersistentVolume"))
      .flatMap(({ resource, attributes }) =>
        entries(attributes).flatMap((entry) =>
          nodeAccess(entry, () => `construct ${resource.construct}: ${entry.path.join(".")}`),
        ),
      ),
    ...declaredObjects(stack)
      .filter(
        ({ kind, metadata }) => kind === "Namespace" && texts(metadata.labels)[enforce] === "privileged",
      )
      .map(({ resource, metadata }) => ({
        place: `construct ${resource.construct}`,
        text: `the namespace ${String(metadata.name)} lets in privileged pods (${enforce}): expected baseline or restricted`,
      })),
  ],
};

const consequence = "whoever gets into this pod has the node: remove it";

function nodeAccess({ key, value }: Entry, place: () => string): Fault[] {
  if (isSwitch(key) && (value === true || value === "true")) {
    return [{ place: place(), text: `found true: ${consequence}` }];
  }
  // A map that is empty, or a chart's empty default, mounts nothing.
  const mounts =
    plain(key) === "hostpath" && (isMap(value) || Array.isArray(value) || typeof value === "string");
  if (mounts && Object.keys(value).length > 0) {
    return [{ place: place(), text: "mounts a directory of the node: use a claim instead" }];
  }
  return [];
}

function isSwitch(key: string): boolean {
  return ["privileged", "hostnetwork", "hostpid", "hostipc"].includes(plain(key));
}

/** Terraform writes host_network, Kubernetes hostNetwork. */
function plain(key: string): string {
  return key.replaceAll("_", "").toLowerCase();
}
