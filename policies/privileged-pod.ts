import { isMap } from "../settings/yaml-file";
import { usedDefaults } from "./chart-defaults";
import { declaredObjects } from "./kubernetes-objects";
import type { Rule } from "./rule";
import { block, type Entry, faultsIn } from "./walk";

const enforce = "pod-security.kubernetes.io/enforce";

/** A pod that has the node: whoever gets into it has every pod on that node. */
export const privilegedPod: Rule = {
  name: "privileged-pod",
  faults: (stack) => [
    ...stack.releases.flatMap((release) => [
      ...faultsIn(release.values, release.place, nodeAccess),
      ...usedDefaults(release, (key, value) => value === true && isSwitch(key)).map(({ path }) => ({
        place: release.place(path),
        text: `is not set, and the chart ${release.chart} has it on: ${consequence}`,
      })),
    ]),
    ...declaredObjects(stack)
      .filter(({ kind }) => !kind.startsWith("PersistentVolume"))
      .flatMap(({ place, attributes }) => faultsIn(attributes, place, nodeAccess)),
    ...declaredObjects(stack)
      .filter(
        ({ kind, metadata }) => kind === "Namespace" && block(metadata.labels)[enforce] === "privileged",
      )
      .map(({ place, metadata }) => ({
        place: place([]),
        text: `the namespace ${String(metadata.name)} lets in privileged pods (${enforce}): expected baseline or restricted`,
      })),
  ],
};

const consequence = "whoever gets into this pod has the node: remove it";

function nodeAccess({ key, value }: Entry): string | undefined {
  if (isSwitch(key) && (value === true || value === "true")) return `found true: ${consequence}`;
  // A map that is empty, or a chart's empty default, mounts nothing.
  const mounts =
    plain(key) === "hostpath" && (isMap(value) || Array.isArray(value) || typeof value === "string");
  return mounts && Object.keys(value).length > 0
    ? "mounts a directory of the node: use a claim instead"
    : undefined;
}

function isSwitch(key: string): boolean {
  return ["privileged", "hostnetwork", "hostpid", "hostipc"].includes(plain(key));
}

/** Terraform writes host_network, Kubernetes hostNetwork. */
function plain(key: string): string {
  return key.replaceAll("_", "").toLowerCase();
}
