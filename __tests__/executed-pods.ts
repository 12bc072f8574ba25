import * as fs from "node:fs";
import { endProcesses, processesOf } from "../operations/sandbox/processes";
import type { Clone } from "./clone";

/** Where what is executed in a pod runs on this machine. */
export interface Container {
  /** Absolute. */
  readonly directory: string;
  readonly variables: { readonly [name: string]: string };
}

/**
 * Has the sandbox's kubelet run what is executed in the pods of a namespace, on this machine, and call itself no simulation: a
 * real exec, through the real API server.
 *
 * @see https://kwok.sigs.k8s.io/docs/user/exec-configuration/
 */
export async function executeInPods(
  clone: Clone,
  namespace: string,
  { directory, variables }: Container,
): Promise<void> {
  const envs = Object.entries(variables).map(([name, value]) => ({ name, value }));
  const configuration = {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "ClusterExec",
    metadata: { name: "on-this-machine" },
    spec: {
      selector: { matchNamespaces: [namespace] },
      execs: [{ local: { workDir: directory, envs } }],
    },
  };
  fs.appendFileSync(clone.file(".sandbox/volume-stage.yaml"), `---\n${JSON.stringify(configuration)}\n`);
  await endProcesses(async () => {
    const processes = await processesOf(fs.realpathSync(clone.file(".sandbox")));
    return processes.filter(({ command }) => /\/kwok-controller /.test(command));
  });
  await clone.startCluster();
  // It looks for programs where everything of the sandbox does.
  for (const shell of ["sh", "bash"]) fs.symlinkSync(`/bin/${shell}`, clone.file(`.sandbox/bin/${shell}`));
  for (const { metadata } of await clone.list("nodes")) await reportKubelet(clone, metadata.name, "v1.35.4");
}

/** Has a node say which kubelet it has. */
export function reportKubelet(clone: Clone, node: string, kubeletVersion: string): Promise<void> {
  return clone.kubectl(
    ...["patch", "node", node, "--subresource=status", "--type=merge"],
    ...["--patch", JSON.stringify({ status: { nodeInfo: { kubeletVersion } } })],
  );
}
