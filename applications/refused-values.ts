import { loadContract } from "../contracts/contract-file";
import { breaksRule, type ThoughtOf } from "../policies/breaks-rule";
import { mergeValues } from "../settings/values";
import type { YamlMap } from "../settings/yaml-file";
import type { ApplicationRelease } from "./application";
import { movedService } from "./moved-service";

/** Values of a release, beside which others are thought of. */
export interface ReleaseWithValues {
  /** The repository, absolute. */
  readonly root: string;
  readonly release: Pick<ApplicationRelease, "name" | "namespace" | "application">;
  readonly chart: { readonly name: string; readonly version: string };
  readonly environment: ThoughtOf["environment"];
  /** What its files set. */
  readonly set: YamlMap;
}

/** Whether values would be refused by what else is held against them: a Service that moves, a rule that they break. */
export function areRefused({ root, release, chart, environment, set }: ReleaseWithValues, values: YamlMap) {
  const { guard, title, chart: of } = release.application;
  const unguarded = guard === "source ranges" ? [{ title, chart: of, releases: [] }] : [];
  const contract = loadContract(root, chart.name, chart.version);
  const thoughtOf = { chart: chart.name, contract, unguarded, environment };
  return movedService(release, values).length > 0 || breaksRule(thoughtOf, mergeValues([set, values]), set);
}
