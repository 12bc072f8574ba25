import * as fs from "node:fs";
import { processesOf } from "../../operations/sandbox/processes";
import type { Clone, KubernetesObject } from "../clone";

/**
 * Takes every node away, as one that lost its power: its pods stay as they were last, and end when it is back.
 *
 * @param until what is waited for, with the nodes away
 */
export async function withNodesAway(
  clone: Clone,
  until: () => Promise<unknown>,
  work: () => Promise<void>,
): Promise<void> {
  const own = await processesOf(fs.realpathSync(clone.file(".sandbox")));
  const kubelets = own.filter(({ command }) => /\/kwok-controller /.test(command));
  if (!kubelets.length)
    throw new Error(`nothing plays the kubelets: ${own.map(({ command }) => command).join("\n")}`);
  const nodes = await clone.list("nodes");
  for (const { pid } of kubelets) process.kill(pid, "SIGSTOP");
  try {
    await report(clone, nodes, { status: "Unknown", message: "Kubelet stopped posting node status." });
    await until();
    await work();
  } finally {
    await report(clone, nodes, { status: "True", message: "kubelet is posting ready status" });
    for (const { pid } of kubelets) process.kill(pid, "SIGCONT");
  }
}

async function report(clone: Clone, nodes: readonly KubernetesObject[], ready: object): Promise<void> {
  for (const { metadata } of nodes) {
    const status = { conditions: [{ type: "Ready", ...ready }] };
    await clone.kubectl(
      ...["patch", "node", metadata.name, "--subresource=status", "--type=strategic"],
      ...["--patch", JSON.stringify({ status })],
    );
  }
}
