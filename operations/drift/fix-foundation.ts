import { isMap } from "../../settings/yaml-file";
import { listAt, title } from "../cluster/kubernetes-object";
import { placeholders } from "../terraform/credentials-for-plan";
import { withPlanFiles } from "../terraform/plan-directory";
import { type PlannedResource, plannedResources } from "../diff/resource-changes";
import { isNothing } from "../diff/same-value";
import { planStack } from "../diff/plan-stacks";
import { runApply } from "../terraform/apply-run";
import { same } from "../diff/unified-diff";
import { OperationError } from "../errors/operation-error";
import { type CdktfContext, workingDirectory } from "../terraform/cdktf";
import type { Interruption } from "../terminal/interruption";
import { deployedCredentials } from "./deployed-credentials";
import type { DriftContext, FoundDrift } from "./find-drift";

import { foundation, type ResourceDrift } from "./foundation-drift";

/** Why what was not reached is as it was. */
export const stoppedBefore = "stopped before it was put back: npm run drift -- --fix goes on";

/** What became of something that drifted. */
export interface Fixed {
  /** What was put back, or not, such as `Deployment/NAME`. */
  readonly what: string;
  /** What was done, or why nothing was and what to do, in a sentence. */
  readonly how: string;
  /** Whether it is back as it was deployed. */
  readonly back: boolean;
}

/**
 * Has Terraform put back the drifted resources of the foundation, and nothing else: what this working tree would change
 * besides is left alone.
 *
 * @throws OperationError when Terraform cannot plan
 */
export async function fixFoundation(
  context: DriftContext,
  interruption: Interruption,
  found: FoundDrift,
): Promise<Fixed[]> {
  const drifted = found.foundation?.resources ?? [];
  const { root, environment, variables } = context;
  const revisions = found.foundation?.revisions ?? {};
  const credentials = await deployedCredentials(root, environment, variables, revisions);
  const isSecret = ({ deployed }: ResourceDrift) => deployed.kind === "Secret";
  const reason = (one: ResourceDrift): string | undefined => {
    if (isLostClaim(one)) {
      return "a new claim would be empty: bring its volume back first, or have npm run deploy make an empty one";
    }
    // With other values in the place of the deployed ones, a Secret that is made anew would hold those.
    return isSecret(one) && !credentials
      ? "the credentials that were deployed are not here: npm run secrets -- check, then npm run deploy"
      : undefined;
  };
  const left = drifted.flatMap((one) => {
    const how = reason(one);
    return how === undefined ? [] : [{ what: title(one.deployed), how, back: false }];
  });
  const wanted = drifted.filter((one) => reason(one) === undefined);
  if (wanted.length === 0) return left;
  const cdktf: CdktfContext = {
    root,
    environment,
    variables,
    credentials: { values: credentials ?? placeholders(environment), revisions },
  };
  return [...left, ...(await applied(cdktf, context, interruption, wanted))];
}

function applied(
  cdktf: CdktfContext,
  { environment, masker }: DriftContext,
  interruption: Interruption,
  wanted: readonly ResourceDrift[],
): Promise<Fixed[]> {
  return withPlanFiles([workingDirectory(cdktf, foundation)], async ([file = ""]) => {
    const targets = wanted.map(({ address }) => `-target=${address}`);
    const { json } = await planStack(cdktf, environment, foundation, targets, file);
    const was = plannedResources(foundation, { resource_changes: listAt(json, "resource_drift") }, masker);
    const will = plannedResources(foundation, json, masker).filter(
      ({ action, address }) => action !== "none" && !address.startsWith("output."),
    );
    const others = will.filter((change) => !restores(change, was));
    const all = (how: string, back: boolean): Fixed[] =>
      wanted.map(({ deployed }) => ({ what: title(deployed), how, back }));
    if (others.length > 0) {
      return all(
        `this working tree says otherwise than what was deployed (${others.map(({ address }) => address).join(", ")}): check out the commit that was deployed, or npm run deploy`,
        false,
      );
    }
    const { exitCode, errors } = await runApply({
      ...{ context: cdktf, stack: foundation, args: [file], output: `${file}.output`, interruption },
      onEvent: () => undefined,
    });
    if (exitCode === 0) return all("put back by an apply of its plan", true);
    if (interruption.signal.aborted) return all(stoppedBefore, false);
    throw new OperationError(errors.map(({ summary, detail }) => `${summary} ${detail}`.trim()).join("\n"));
  });
}

/** Whether a planned change leads to what the state had before somebody changed the cluster. */
function restores({ address, after }: PlannedResource, before: readonly PlannedResource[]): boolean {
  const deployed = before.find((one) => one.address === address)?.before;
  return deployed !== undefined && same(settable(deployed), settable(after));
}

function isLostClaim({ deployed, live }: ResourceDrift): boolean {
  return deployed.kind === "PersistentVolumeClaim" && !live;
}

const computed = ["generation", "resource_version", "uid", "id"];

/**
 * A resource without what the API server counts, what is empty, and what Terraform learns after it has applied; of a Secret
 * with write-only values it knows these by their revision alone.
 */
function settable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settable);
  if (!isMap(value)) return value;
  const unknown = value.data_wo_revision === undefined ? computed : [...computed, "data"];
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([name, inner]) => !unknown.includes(name) && !isNothing(inner) && inner !== "(known after apply)",
      )
      .map(([name, inner]) => [name, settable(inner)]),
  );
}
