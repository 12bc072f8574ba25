import type { Clone } from "../clone";
import { waitFor } from "../wait-for";

/** Keeps new pods pending until the work is done: nothing that is deployed meanwhile becomes ready. */
export async function withTaintedNodes<Result>(clone: Clone, work: () => Promise<Result>): Promise<Result> {
  await clone.kubectl("taint", "nodes", "--all", "hold=1:NoSchedule");
  try {
    await waitFor("the scheduler keeps to the taint", () => isKeptOut(clone));
    return await work();
  } finally {
    await clone.kubectl("taint", "nodes", "--all", "hold-");
  }
}

/** Whether the scheduler knows of the taint: it hears of it a moment after the API server. */
async function isKeptOut(clone: Clone): Promise<boolean> {
  await clone.kubectl("run", "probe", "--namespace", "default", "--image", "registry.example/probe:1");
  const decided = "--for=jsonpath={.status.conditions[?(@.type=='PodScheduled')].status}";
  await clone.kubectl("wait", decided, "pod/probe", "--namespace", "default", "--timeout=20s");
  const { spec } = await clone.get("pod", "probe", "--namespace", "default");
  await clone.kubectl("delete", "pod", "probe", "--namespace", "default", "--now");
  return spec.nodeName === undefined;
}
