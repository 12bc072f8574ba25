import type { JsonPatchOperation } from "../cluster/kubernetes-api";
import type { FieldPath } from "../cluster/field-owner";
import type { KubernetesObject } from "../cluster/kubernetes-object";
import { type FieldDifference, isAdded } from "../diff/field-differences";

/**
 * The patch that puts exactly the fields back that differ, and takes away those that were added. It is refused where the
 * object has changed since it was read. Whoever had set a field owns it no more.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc6902
 */
export function patchBack(live: KubernetesObject, fields: readonly FieldDifference[]): JsonPatchOperation[] {
  const { resourceVersion } = live.metadata;
  return [
    { op: "test", path: "/metadata/resourceVersion", value: resourceVersion },
    ...fields
      .filter((field) => !isAdded(field))
      .map(({ path, deployed, live: current }) => ({
        op: current === undefined ? ("add" as const) : ("replace" as const),
        path: pointer(path),
        value: deployed,
      })),
    // What was put back has moved nothing: it is added at the end of lists. Of a list the last goes first.
    ...fields
      .filter(isAdded)
      .sort((a, b) => lastFirst(a.path, b.path))
      .map(({ path }) => ({ op: "remove" as const, path: pointer(path) })),
  ];
}

function lastFirst(a: FieldPath, b: FieldPath): number {
  const [i] = [...a.keys()].filter((i) => a[i] !== b[i]);
  const [one, other] = i === undefined ? [] : [a[i], b[i]];
  if (typeof one === "number" && typeof other === "number") return other - one;
  return String(one) < String(other) ? -1 : 1;
}

function pointer(path: FieldPath): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
