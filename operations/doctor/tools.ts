import * as semver from "semver";
import { oldestTerraform } from "../../constructs/terraform-version";
import { findHelm } from "../helm/helm";
import { defaultCacheDirectory, findPrograms, programsOf } from "../sandbox/programs";
import { requiredGoVersion } from "../sandbox/components";
import { findProgram } from "../sandbox/toolchain";
import { runProgram } from "../terminal/run-program";
import { terraformProgram } from "../terraform/cdktf";
import { type Check, checkOf } from "./check";
import { nodeCheck } from "./node";

/**
 * The programs that a deploy runs, and their versions.
 *
 * @param variables the process's environment; `TERRAFORM_BINARY_NAME` names the program that a deploy runs
 * @param sandbox whether the environment is the embedded cluster
 */
export async function toolChecks(variables: NodeJS.ProcessEnv, sandbox: boolean): Promise<Check[]> {
  const checks = await Promise.all([terraformCheck(variables), ...(sandbox ? [goCheck(variables)] : [])]);
  return [nodeCheck(process.versions.node), ...checks, helmCheck(variables)];
}

/** Terraform, or OpenTofu where `TERRAFORM_BINARY_NAME` says so. */
export async function terraformCheck(variables: NodeJS.ProcessEnv): Promise<Check> {
  const program = terraformProgram(variables);
  const check = checkOf("this machine", program);
  const wanted = `${oldestTerraform.replace(/\.0$/, "")} or newer`;
  const install = "install Terraform: https://developer.hashicorp.com/terraform/install";
  if (!findProgram(program, variables)) {
    const tofu = program === "terraform" && findProgram("tofu", variables);
    return check.failed(
      `is not on PATH, expected ${wanted}`,
      tofu
        ? `export TERRAFORM_BINARY_NAME=tofu, to use the OpenTofu that is on PATH; or ${install}`
        : install,
    );
  }
  const { stdout } = await run(program, ["version"], variables);
  const [, maker = "", version] = /^(\w+) v(\d+\.\d+\.\d+[\w.-]*)/.exec(stdout) ?? [];
  if (version === undefined) {
    return check.failed(`does not say its version (it says: ${firstLine(stdout) || "nothing"})`, install);
  }
  if (semver.gte(version, oldestTerraform)) return check.ok(`${maker} ${version} (${wanted})`);
  return check.failed(
    `${maker} ${version}, expected ${wanted}: older ones would keep the credentials in the state`,
    install,
  );
}

/** Go is needed only for those of the sandbox's programs that cannot be downloaded: without it a deploy may be fit. */
async function goCheck(variables: NodeJS.ProcessEnv): Promise<Check> {
  const check = checkOf("this machine", "go");
  const wanted = `${requiredGoVersion()} or newer`;
  if (findPrograms(programsOf(variables))) {
    return check.ok(`not needed: the sandbox's programs are here (to compile them: ${wanted})`);
  }
  const install = "install Go: https://go.dev/dl";
  const need = `${wanted} for programs of the sandbox that cannot be downloaded`;
  if (!findProgram("go", variables)) return check.warning(`is not on PATH, expected ${need}`, install);
  const { stdout } = await run("go", ["version"], { ...variables, GOTOOLCHAIN: "local" });
  const version = semver.coerce(/\bgo(\d+\.\d+(\.\d+)?)/.exec(stdout)?.[1]);
  if (!version)
    return check.warning(`does not say its version (it says: ${firstLine(stdout) || "nothing"})`, install);
  if (semver.gte(version, requiredGoVersion())) return check.ok(`${version.version} (${wanted})`);
  return check.warning(`${version.version}, expected ${need}`, install);
}

/** Terraform's provider has Helm inside, and bare CDKTF does without; what a deploy shows before it asks is rendered by Helm. */
function helmCheck(variables: NodeJS.ProcessEnv): Check {
  const check = checkOf("this machine", "helm");
  try {
    const program = findHelm(variables);
    const kept = program.startsWith(defaultCacheDirectory(variables));
    return check.ok(kept ? "the sandbox's" : program);
  } catch {
    return check.failed(
      variables.HELM
        ? `${variables.HELM}, which HELM names, is no program`
        : "is not on PATH, expected Helm 3",
      "install Helm 3: https://helm.sh/docs/intro/install/",
    );
  }
}

function run(program: string, args: readonly string[], variables: NodeJS.ProcessEnv) {
  return runProgram(program, args, { variables: { ...variables, CHECKPOINT_DISABLE: "1" }, timeoutMs: 5000 });
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").slice(0, 80);
}
