import { App, type TerraformStack } from "cdktf";
import * as path from "node:path";

/** Where a stack's `cdk.tf.json` is written and Terraform runs, absolute. */
export function stackDirectory(stack: TerraformStack): string {
  return path.resolve(App.of(stack).outdir, "stacks", stack.node.id);
}
