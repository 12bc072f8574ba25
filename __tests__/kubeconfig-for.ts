import execa from "execa";
import * as yaml from "js-yaml";
import type { Clone } from "./clone";

/** What somebody may do, as a ClusterRole says it. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Everything may be read and nothing be changed, as a workflow has it. */
export const readOnly: readonly Rule[] = [
  { apiGroups: ["*"], resources: ["*"], verbs: ["get", "list", "watch"] },
];

/**
 * A kubeconfig for the clone's sandbox of somebody who may do what some rules say and nothing else: the context has the same name.
 */
export async function kubeconfigFor(clone: Clone, name: string, rules: readonly Rule[]): Promise<string> {
  await clone.kubectl("create", "serviceaccount", name, "--namespace", "default");
  await clone.create({
    ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole" },
    ...{ metadata: { name }, rules },
  });
  const to = `--serviceaccount=default:${name}`;
  await clone.kubectl("create", "clusterrolebinding", name, `--clusterrole=${name}`, to);
  const { stdout: token } = await execa(process.env.KUBECTL ?? "kubectl", [
    ...["--kubeconfig", clone.file(".sandbox/kubeconfig"), "create", "token", name, "--namespace", "default"],
  ]);
  const config = yaml.load(clone.read(".sandbox/kubeconfig")) as { users: { name: string }[] };
  const users = config.users.map(({ name }) => ({ name, user: { token } }));
  return yaml.dump({ ...config, users });
}
