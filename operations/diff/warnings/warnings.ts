import type { ObjectPair } from "../../cluster/kubernetes-object";
import { newlyExposed } from "./exposure";
import { lostObjects } from "./lost-objects";
import { loosenedPolicies } from "./network-policies";
import type { Warning } from "./warning";
import { gpuCounts, movedImages, recreatedWorkloads } from "./workloads";

/** The gravest first. */
const rules = [lostObjects, recreatedWorkloads, loosenedPolicies, newlyExposed, gpuCounts, movedImages];

/** Everything about the changes that deserves a warning. The objects must be masked. */
export function warningsOf(pairs: readonly ObjectPair[]): Warning[] {
  return rules.flatMap((rule) => rule(pairs));
}
