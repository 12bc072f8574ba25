import execa from "execa";
import * as yaml from "js-yaml";
import type { Clone } from "./clone";

/**
 * A kubeconfig for the clone's sandbox whose user may read everything and change nothing, as a workflow has it: the
 * context has the same name.
 */
export async function readOnlyKubeconfig(clone: Clone): Promise<string> {
  const name = "ci-read";
  await clone.kubectl("create", "serviceaccount", name, "--namespace", "default");
  await clone.kubectl("create", "clusterrole", name, "--verb=get,list,watch", "--resource=*.*");
  await clone.kubectl(
    "create",
    "clusterrolebinding",
    name,
    `--clusterrole=${name}`,
    `--serviceaccount=default:${name}`,
  );
  const { stdout: token } = await execa(process.env.KUBECTL ?? "kubectl", [
    ...["--kubeconfig", clone.file(".sandbox/kubeconfig"), "create", "token", name, "--namespace", "default"],
  ]);
  const config = yaml.load(clone.read(".sandbox/kubeconfig")) as { users: { name: string }[] };
  const users = config.users.map(({ name }) => ({ name, user: { token } }));
  return yaml.dump({ ...config, users });
}
