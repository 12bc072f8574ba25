import type { ObjectPair } from "../../cluster/kubernetes-object";
import { newlyExposed } from "./exposure";
import { lostData, lostSecrets } from "./lost-objects";
import { loosenedPolicies } from "./network-policies";
import type { Rule, Warning, WarningKind } from "./warning";
import { gpuCounts, movedImages, recreatedWorkloads, stoppedWorkloads } from "./workloads";

/** The gravest first. */
const rules: readonly (readonly [WarningKind, Rule])[] = [
  ["data-lost", lostData],
  ["deleted", lostSecrets],
  ["workload-recreated", recreatedWorkloads],
  ["downtime", stoppedWorkloads],
  ["network-policy", loosenedPolicies],
  ["exposed", newlyExposed],
  ["gpu-count", gpuCounts],
  ["image-moved", movedImages],
];

/** Everything about the changes that deserves a warning, by all objects, changed or not. The objects must be masked. */
export function warningsOf(pairs: readonly ObjectPair[]): Warning[] {
  return rules.flatMap(([kind, rule]) =>
    pairs.flatMap(({ old, new: planned }) => rule(old, planned, pairs).map((text) => ({ kind, text }))),
  );
}
