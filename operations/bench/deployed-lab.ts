import type { V1Node } from "@kubernetes/client-node";
import * as path from "node:path";
import { connect } from "../cluster/kubeconfig";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { findHelm, Helm } from "../helm/helm";
import { isModelServer } from "../sandbox/model-server";
import { processesOf } from "../sandbox/processes";
import { sandboxDirectory, sandboxEnvironment } from "../sandbox/sandbox-environment";
import { runProgram } from "../terminal/run-program";
import { writeByHand } from "./by-hand";
import { type Lab, prepareLab } from "./lab";
import { type MeasuredContext, measuredRun } from "./measured-run";
import { writeObjectResources } from "./object-resources";
import { mostObjects, terraformIn } from "./sides";
import { synthesized } from "./synthesized";

/** A lab whose platform was deployed to a sandbox of its own, with what stands beside it. */
export async function deployedLab(context: MeasuredContext, size: number): Promise<Lab> {
  const prepared = await prepareLab(context, size);
  const { root, environment, variables, last, byHand, objects } = prepared;
  last.set("up", await measuredRun(prepared, ["npm", "run", "up"]));
  const controlPlaneMb = await controlPlaneMemory(root);
  await addNodes(new KubernetesApi(connect(root, environment)), size);
  const others = {
    kubeconfig: path.join(sandboxDirectory(root), "kubeconfig"),
    context: sandboxEnvironment,
    versions: environment.providers,
    platform: synthesized({ root, environment, variables }),
  };
  const linesByHand = writeByHand({ ...others, directory: byHand, prefix: "by-hand-" });
  const helm = new Helm(findHelm(variables), variables, root, environment);
  await writeObjectResources({ ...others, directory: objects, prefix: "object-" }, helm);
  const lab = { ...prepared, linesByHand, controlPlaneMb };
  const withObjects = size <= mostObjects ? [path.join(objects, "namespaces"), objects] : [];
  for (const directory of [byHand, ...withObjects]) {
    await terraformIn(lab, directory, ["init"]);
    await terraformIn(lab, directory, ["apply", "-auto-approve"]);
  }
  return lab;
}

/** Resident memory of the sandbox's control plane, in MB: of all its processes but the model server and what holds the model. */
async function controlPlaneMemory(root: string): Promise<number> {
  const processes = await processesOf(sandboxDirectory(root));
  const pids = processes.filter(({ command }) => !isModelServer(command)).map(({ pid }) => pid);
  const { stdout } = await runProgram("ps", ["-o", "rss=", "-p", pids.join(",")]);
  return stdout.split("\n").reduce((kib, size) => kib + Number(size), 0) / 1024;
}

/** Room for the pods of those that stand beside the platform: copies of the sandbox's own node. */
async function addNodes(api: KubernetesApi, size: number): Promise<void> {
  const { apiVersion, kind, metadata, spec, status } = await api.get<V1Node>("/api/v1/nodes/cpu-0");
  const { labels, annotations } = metadata ?? {};
  for (let i = 1; i <= 1 + size / 50; i++) {
    const named = {
      name: `cpu-${i}`,
      annotations,
      labels: { ...labels, "kubernetes.io/hostname": `cpu-${i}` },
    };
    await api.create("/api/v1/nodes", {
      apiVersion,
      kind,
      metadata: named,
      spec: { taints: spec?.taints },
      status,
    });
  }
}
