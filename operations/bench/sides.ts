import * as path from "node:path";
import { engineOf } from "../../settings/engine";
import { sandboxEnvironment } from "../sandbox/sandbox-environment";
import { deployCredentials } from "../secrets/deploy-credentials";
import { processEnvironment, stacks, workingDirectory } from "../terraform/cdktf";
import type { Lab } from "./lab";
import { measuredRun } from "./measured-run";

/** The largest platform whose objects are written out, one resource each. */
export const mostObjects = 20;

/** A command of this platform, as people type it. @param exitCodes that are no failure. @default [0] */
export async function npm(
  lab: Lab,
  [name = "", ...args]: readonly string[],
  exitCodes?: readonly number[],
): Promise<number> {
  const command = ["npm", "run", "--silent", name, ...(args.length ? ["--", ...args] : [])];
  const measured = await measuredRun(lab, command, exitCodes);
  lab.last.set(name, measured);
  return measured.seconds;
}

/** Terraform in a directory of a side that stands beside. */
export async function terraformIn(lab: Lab, directory: string, args: readonly string[]): Promise<number> {
  const variables: NodeJS.ProcessEnv = { ...lab.variables, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" };
  const command = [engineOf("terraform", variables).program, `-chdir=${directory}`, ...args, "-input=false"];
  return (await measuredRun({ ...lab, variables }, command)).seconds;
}

/** Terraform's own plans of both stacks, side by side. */
export async function planStacksAlone(lab: Lab, args: readonly string[] = []): Promise<number> {
  const { environment, variables } = lab;
  const context = { ...lab, credentials: await deployCredentials(lab) };
  const began = performance.now();
  await Promise.all(
    stacks.map((stack) =>
      measuredRun(
        { ...lab, root: workingDirectory(context, stack), variables: processEnvironment(context) },
        [engineOf(environment.engine, variables).program, "plan", "-lock=false", "-input=false", ...args],
      ),
    ),
  );
  return (performance.now() - began) / 1000;
}

/** Does work with the resources of objects, where there are few enough. */
export async function withObjects(
  lab: Lab,
  work: (directory: string) => Promise<number>,
): Promise<number | undefined> {
  return lab.size <= mostObjects ? work(lab.objects) : undefined;
}

/** A state of Terraform, absolute. */
export function statesOf(lab: Lab): {
  readonly platform: readonly string[];
  readonly [side: string]: readonly string[];
} {
  return {
    platform: stacks.map((stack) => path.join(lab.root, `state/${sandboxEnvironment}/${stack}.tfstate`)),
    byHand: [path.join(lab.byHand, "terraform.tfstate")],
    objects: ["namespaces/terraform.tfstate", "terraform.tfstate"].map((file) =>
      path.join(lab.objects, file),
    ),
  };
}
