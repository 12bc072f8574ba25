import * as semver from "semver";
import { oldestTerraform } from "../../constructs/terraform-version";
import { engines } from "../../package.json";
import type { OperationError } from "../errors/operation-error";
import { findHelm } from "../helm/helm";
import { defaultCacheDirectory, findPrograms, programsOf } from "../sandbox/programs";
import { components, requiredGoVersion } from "../sandbox/components";
import { findGo, findProgram } from "../sandbox/toolchain";
import { runProgram } from "../terminal/run-program";
import { terraformProgram } from "../terraform/cdktf";
import { type Check, checkOf } from "./check";

/**
 * The programs that a deploy runs, and their versions.
 *
 * @param variables the process's environment; `TERRAFORM_BINARY_NAME` names the program that a deploy runs
 * @param sandbox whether the environment is the embedded cluster
 */
export async function toolChecks(variables: NodeJS.ProcessEnv, sandbox: boolean): Promise<Check[]> {
  const checks = await Promise.all([terraformCheck(variables), ...(sandbox ? [goCheck(variables)] : [])]);
  // Another one is told at the start of every command, or ends it: see operations/entry.mjs.
  const node = checkOf("this machine", "node").ok(`${process.versions.node} (${engines.node})`);
  return [node, ...checks, helmCheck(variables)];
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
  // It asks its maker's server for news otherwise, and a network that swallows packets would hold it.
  const quiet = { variables: { ...variables, CHECKPOINT_DISABLE: "1" }, timeoutMs: 5000 };
  const { stdout } = await runProgram(program, ["version"], quiet);
  const [, maker = "", version] = /^(\w+) v(\d+\.\d+\.\d+[\w.-]*)/.exec(stdout) ?? [];
  if (version === undefined) {
    return check.failed(`does not say its version (it says: ${stdout.split("\n")[0] || "nothing"})`, install);
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
  if (findPrograms(programsOf(variables))) return check.ok("not needed: the sandbox's programs are here");
  try {
    return check.ok(`${await findGo(variables, components())} (${requiredGoVersion()} or newer)`);
  } catch (error) {
    const { found, next } = error as OperationError;
    return check.warning(
      `programs of the sandbox that cannot be downloaded are compiled with ${requiredGoVersion()} or newer, and ${found}`,
      next,
    );
  }
}

/** Terraform's provider has Helm inside, and bare CDKTF does without; what a deploy shows before it asks is rendered by Helm. */
function helmCheck(variables: NodeJS.ProcessEnv): Check {
  const check = checkOf("this machine", "helm");
  try {
    const program = findHelm(variables);
    return check.ok(program.startsWith(defaultCacheDirectory(variables)) ? "the sandbox's" : program);
  } catch (error) {
    const { message, found = message, next = "correct it, and run this again" } = error as OperationError;
    return check.failed(found, next);
  }
}
