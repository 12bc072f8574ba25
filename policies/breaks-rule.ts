import type { Contract } from "../contracts/contract";
import type { Environment } from "../settings/environment";
import type { YamlMap } from "../settings/yaml-file";
import type { SynthesizedStack, UnguardedApplication } from "./rule";
import { rules } from "./rules";

/** A release of which values are thought of. */
export interface ThoughtOf {
  /** Name of its chart. */
  readonly chart: string;
  readonly contract: Contract;
  readonly unguarded: readonly UnguardedApplication[];
  readonly environment: Pick<SynthesizedStack, "ingress"> & Pick<Environment, "exemptions" | "images">;
}

/** Whether values break a rule that others of the release do not: what is refused next is no advice. */
export function breaksRule(release: ThoughtOf, values: YamlMap, others: YamlMap): boolean {
  const before = new Set(broken(release, others));
  return broken(release, values).some((fault) => !before.has(fault));
}

function broken(
  { chart, contract, unguarded, environment: { ingress, exemptions, images } }: ThoughtOf,
  values: YamlMap,
): string[] {
  const release = {
    ...{ chart, contract, values, readable: true },
    ...{ type: "helm_release", construct: chart, attributes: {} },
    place: (path: readonly (string | number)[]) => path.join("."),
  };
  const stack = {
    releases: [release],
    resources: [],
    variables: {},
    unguarded,
    ingress,
    demandsDigests: images.digests,
  };
  return rules
    .filter(({ name, warns }) => !warns && !(name in exemptions))
    .flatMap(({ faults }) => faults(stack).map(({ place, text }) => `${place}: ${text}`));
}
