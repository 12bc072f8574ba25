import * as path from "node:path";
import { planStack, unlocked } from "../diff/plan-stacks";
import type { PlannedResource } from "../diff/resource-changes";
import { OperationError } from "../errors/operation-error";
import { type Configuration, stayingResources, withCutConfiguration } from "../terraform/cut-configuration";
import { applyPlan, type ApplyPlanProps, changesIn, type KeptPlan } from "./apply-plan";
import { podsGone } from "./deletions";

/** The first namespace that is read: without it the Helm provider takes a cluster that is away for an empty one. */
const reachable = "data.kubernetes_namespace_v1.reachable";

/**
 * Takes away the releases that leave their namespace: removed, renamed or moved. The foundation comes before the releases, and
 * would wait for ever for a claim that their pods still mount.
 *
 * @returns the plans of what is left to do: the same, but for what is done by now
 * @throws OperationError where it failed, or something else would be deployed afterwards than was planned
 */
export async function takeAway(
  props: ApplyPlanProps,
  plans: readonly KeptPlan[],
): Promise<readonly KeptPlan[]> {
  const plan = plans.find((one) => leavingReleases(one).length > 0);
  if (!plan) return plans;
  const { context, environment, interruption } = props;
  const leaving = leavingReleases(plan);
  const file = path.join(path.dirname(plan.file), "leaving");
  const targets = [...leaving, reachable].map((address) => `-target=${address}`);
  const others = plans.filter((one) => one !== plan && one.changes).map(({ stack }) => stack);
  const going = await interruption.orInterrupted(
    withCutConfiguration(
      context,
      plan.stack,
      (whole) => withoutReleases(whole, leaving),
      () => planStack(context, environment, plan.stack, [...unlocked, ...targets], file),
    ),
  );
  if (going.changes) await applyPlan(props, { ...going, file }, others);
  await podsGone(props.connection, namespacesOf(plan, leaving), interruption.signal);
  const left = await interruption.orInterrupted(
    planStack(context, environment, plan.stack, unlocked, plan.file),
    `${leaving.join(" and ")} ${leaving.length > 1 ? "are" : "is"} taken away, and nothing else was done`,
  );
  const expected = changesIn(plan).flatMap((change) => afterwards(change, leaving));
  if (JSON.stringify(changesIn(left).map(summed)) !== JSON.stringify(expected.map(summed))) {
    throw new OperationError(
      [
        `${leaving.join(" and ")} ${leaving.length > 1 ? "are" : "is"} taken away, and nothing else was done: what is left to do is not what was planned any more`,
        `npm run deploy -- --environment ${environment.name} plans it anew`,
      ].join("\n"),
    );
  }
  return plans.map((one) => (one === plan ? { ...left, file: plan.file } : one));
}

/** The addresses of the releases that a plan takes out of their namespace, for good or into another one. */
export function leavingReleases(plan: Parameters<typeof changesIn>[0]): string[] {
  return changesIn(plan)
    .filter(({ type }) => type === "helm_release")
    .filter(
      ({ action, before, after }) =>
        action === "destroy" || (action === "replace" && before?.namespace !== after?.namespace),
    )
    .map(({ address }) => address);
}

/** The namespaces that releases leave. */
function namespacesOf(plan: KeptPlan, leaving: readonly string[]): string[] {
  return changesIn(plan)
    .filter(({ address }) => leaving.includes(address))
    .map(({ before }) => String(before?.namespace));
}

/** A synthesized stack without some of its releases, and without what refers to them. */
export function withoutReleases(configuration: Configuration, addresses: readonly string[]): Configuration {
  const refers = (text: string): boolean =>
    addresses.some((address) => new RegExp(`\\b${address.replaceAll(".", "\\.")}(?![\\w-])`).test(text));
  const outputs = Object.entries(configuration.output ?? {}).filter(
    ([, block]) => !refers(JSON.stringify(block)),
  );
  return {
    ...configuration,
    resource: stayingResources(configuration, (address) => !addresses.includes(address)),
    output: outputs.length ? Object.fromEntries(outputs) : undefined,
  };
}

type Change = Pick<PlannedResource, "address" | "action" | "after">;

/** What is left of a change once the releases that leave are gone. */
function afterwards(change: Change, leaving: readonly string[]): Change[] {
  if (!leaving.includes(change.address)) return [change];
  return change.action === "replace" ? [{ ...change, action: "add" }] : [];
}

function summed({ address, action, after }: Change): unknown {
  return [address, action, after?.name, after?.namespace, after?.version, after?.values];
}
