import { quantity } from "../cluster/quantity";

/**
 * Whether Kubernetes takes two scalars for the same: `"1000m"` and `1`, `"1Gi"` and `1024Mi`, `80` and `"80"`.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b || (isNothing(a) && isNothing(b))) return true;
  if (typeof a === "object" || typeof b === "object" || isNothing(a) || isNothing(b)) return false;
  if (String(a) === String(b)) return true;
  const [first, second] = [quantity(String(a)), quantity(String(b))];
  return first !== undefined && second !== undefined && Math.abs(first - second) <= Math.abs(first) * 1e-12;
}

/** What the API server does not keep: a field that is there and empty. */
export function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  // An item that is empty is one all the same: a policy with one lets everybody in.
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.values(value).every(isNothing);
}
