import { applyPlan, type ApplyPlanProps, type KeptPlan } from "./apply-plan";
import { handOver } from "./hand-over";
import { takeAway } from "./take-away";

/**
 * Applies plans one after the other, and before them what they take away of releases that leave their namespace: a claim, and
 * a namespace, are not gone while pods hold them; and claims of root are handed over before pods come that are not.
 *
 * @param plans in their order. Those without changes are left out
 * @throws OperationError saying why, and InterruptedError when it was stopped before all was done
 */
export async function applyPlans(props: ApplyPlanProps, plans: readonly KeptPlan[]): Promise<void> {
  await handOver(props, plans);
  const todo = (await takeAway(props, plans)).filter(({ changes }) => changes);
  for (const [i, plan] of todo.entries()) {
    await applyPlan(
      props,
      plan,
      todo.slice(i + 1).map(({ stack }) => stack),
    );
  }
}
