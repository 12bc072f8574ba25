import * as semver from "semver";
import { oldestTerraform } from "../../constructs/terraform-version";
import { engineOf } from "../../settings/engine";
import type { Environment } from "../../settings/environment";
import { engines } from "../../package.json";
import type { OperationError } from "../errors/operation-error";
import { findHelm } from "../helm/helm";
import { defaultCacheDirectory, findPrograms, programsOf } from "../sandbox/programs";
import { components, requiredGoVersion } from "../sandbox/components";
import { findGo, findProgram } from "../sandbox/toolchain";
import { encryptionFault } from "../terraform/encryption-fault";
import { newEnough, saidVersion } from "../terraform/terraform";
import { type Check, checkOf } from "./check";

/**
 * The programs that a deploy runs, and their versions.
 *
 * @param variables the process's environment; `TERRAFORM_BINARY_NAME` names the program that a deploy runs
 * @param sandbox whether the environment is the embedded cluster
 */
export async function toolChecks(
  environment: Environment,
  variables: NodeJS.ProcessEnv,
  sandbox: boolean,
): Promise<Check[]> {
  const checks = await Promise.all([
    engineCheck(environment, variables),
    ...(sandbox ? [goCheck(variables)] : []),
  ]);
  // Another one is told at the start of every command, or ends it: see operations/entry.mjs.
  const node = checkOf("this machine", "node").ok(`${process.versions.node} (${engines.node})`);
  return [node, ...checks, helmCheck(variables)];
}

/** Whether the engine is there, is the one that it is taken for, and new enough; and can encrypt what must be encrypted. */
export async function engineCheck(
  environment: Pick<Environment, "name" | "engine" | "state">,
  variables: NodeJS.ProcessEnv,
): Promise<Check> {
  const engine = engineOf(environment.engine, variables);
  const { program, title } = engine;
  const check = checkOf("this machine", program);
  const file = `environments/${environment.name}.yaml`;
  const install = `install ${title}: ${engine.install}`;
  if (!findProgram(program, variables)) {
    const tofu = program === "terraform" && findProgram("tofu", variables);
    return check.failed(
      `is not on PATH, expected ${newEnough}`,
      tofu ? `say engine: opentofu in ${file}, to use the OpenTofu that is on PATH; or ${install}` : install,
    );
  }
  const text = await saidVersion(engine, variables);
  const [, maker = "", version] = /^(\w+) v(\d+\.\d+\.\d+[\w.-]*)/.exec(text) ?? [];
  if (version === undefined) {
    return check.failed(`does not say its version (it says: ${text.split("\n")[0] || "nothing"})`, install);
  }
  if (maker !== title) {
    return check.failed(
      `is ${maker} ${version}, and is taken for ${title}, whose providers come from another registry`,
      `say engine: ${maker.toLowerCase()} in ${file}, or call the program by its name`,
    );
  }
  if (semver.lt(version, oldestTerraform)) {
    return check.failed(
      `${maker} ${version}, expected ${newEnough}: older ones would keep the credentials in the state`,
      install,
    );
  }
  const fault = encryptionFault(environment, variables);
  if (fault) return check.failed(fault.found, fault.fix);
  return check.ok(
    `${maker} ${version} (${newEnough})${environment.state.encrypted ? ", with an encrypted state" : ""}`,
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
