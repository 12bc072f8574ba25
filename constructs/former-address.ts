import type { TerraformResource } from "cdktf";
import { createHash } from "node:crypto";

/**
 * The address that a resource has in the states of before, when its construct had another id: what Terraform knows of it must be
 * moved, or it is destroyed and made anew.
 *
 * @param former ids of its constructs below the stack: one where it was called after the id alone, else as CDKTF makes names
 */
export function formerAddress(
  { terraformResourceType: type }: TerraformResource,
  [scope, id]: readonly [string, string?],
): string {
  if (id === undefined) return `${type}.${scope.replaceAll("-", "_")}`;
  const hash = createHash("md5").update(`${scope}/${id}`).digest("hex").slice(0, 8).toUpperCase();
  // What the name of the outer one ends with CDKTF does not repeat.
  return `${type}.${scope.endsWith(id) ? scope : `${scope}_${id}`}_${hash}`;
}
