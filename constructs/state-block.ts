import type { TerraformStack } from "cdktf";

const blocks = new WeakMap<TerraformStack, Record<"moved" | "removed", object[]>>();

/**
 * Adds a block `moved` or `removed`, which says what became of something in the state. CDKTF has no class for them.
 *
 * @see https://developer.hashicorp.com/terraform/language/moved
 * @see https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources
 */
export function addStateBlock(stack: TerraformStack, type: "moved" | "removed", block: object): void {
  const all = blocks.get(stack) ?? { moved: [], removed: [] };
  blocks.set(stack, all);
  all[type].push(block);
  stack.addOverride(type, all[type]);
}
