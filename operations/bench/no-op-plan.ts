import * as fs from "node:fs";
import * as path from "node:path";
import { sandboxDirectory } from "../sandbox/sandbox-environment";
import { deployCredentials } from "../secrets/deploy-credentials";
import { SANDBOX_CONTEXT } from "../sandbox/cluster";
import { SandboxDirectory } from "../sandbox/sandbox-directory";
import { loadEnvironment } from "../../applications/load-environment";
import { type CdktfContext, processEnvironment, workingDirectory } from "../terraform/cdktf";
import { stateFileByHand, writeByHand } from "./by-hand";
import type { BenchContext } from "./context";
import { deployedReleases } from "./deployed-releases";
import type { Outcome } from "./figure";
import { interleaved } from "./interleaved";
import { timedRun } from "./timed-run";

/**
 * Lets Terraform plan the deployed `llm-apps`, where nothing is to be done, and in turns the same two releases written by
 * hand, which are deployed to the same cluster first.
 *
 * @param cdktf of the copy of the repository that was deployed
 * @param stateFile of its stack `llm-apps`
 * @param directory where the configuration that is written by hand may lie
 * @returns the plan, and the size of the state of what was written by hand, in bytes
 */
export async function measureNoOpPlan(
  { runs, say, signal }: Pick<BenchContext, "runs" | "say" | "signal">,
  cdktf: CdktfContext,
  stateFile: string,
  directory: string,
): Promise<{ readonly plan: Outcome; readonly stateBytes: number }> {
  const { root, environment: name, variables } = cdktf;
  const environment = loadEnvironment(root, name, variables);
  const withCredentials = processEnvironment({
    ...cdktf,
    credentials: await deployCredentials({ root, environment, variables }),
  });
  const stack = workingDirectory(cdktf, "llm-apps");
  const byHand = path.join(directory, "by-hand");
  fs.mkdirSync(byHand);
  writeByHand(byHand, {
    root,
    releases: deployedReleases(stateFile, stack),
    cluster: {
      kubeconfig: new SandboxDirectory(sandboxDirectory(root)).kubeconfig,
      context: SANDBOX_CONTEXT,
    },
    providerVersions: providerVersions(stack),
  });
  const terraform = async (cwd: string, args: readonly string[]) => {
    const { seconds } = await timedRun(
      { file: "terraform", args: [...args, "-input=false", "-no-color"], cwd, variables: withCredentials },
      signal,
    );
    return seconds;
  };
  say("deploying the same releases from HCL written by hand");
  await terraform(byHand, ["init"]);
  await terraform(byHand, ["apply", "-auto-approve"]);

  say(`plans with nothing to do, ${runs} times`);
  // With this flag a plan that would change anything answers 2, and the measurement fails.
  const plan = (cwd: string) => terraform(cwd, ["plan", "-detailed-exitcode"]);
  const { measured, instead } = await interleaved(
    runs,
    () => plan(stack),
    () => plan(byHand),
  );
  return {
    plan: {
      samples: measured,
      instead: { what: "HCL by hand", samples: instead },
      note: "by hand with the two namespaces and with both providers, as in the articles",
    },
    stateBytes: fs.statSync(path.join(byHand, stateFileByHand)).size,
  };
}

/** The exact versions that the synthesized stack asks for. */
function providerVersions(stack: string): { helm: string; kubernetes: string } {
  const { terraform } = JSON.parse(fs.readFileSync(path.join(stack, "cdk.tf.json"), "utf8")) as {
    terraform: { required_providers: { [name in "helm" | "kubernetes"]: { version: string } } };
  };
  const { helm, kubernetes } = terraform.required_providers;
  return { helm: helm.version, kubernetes: kubernetes.version };
}
