import { isMap } from "../../settings/yaml-file";
import type { JsonPatchOperation } from "../cluster/kubernetes-api";
import type { FieldPath } from "../cluster/field-owner";
import { type KubernetesObject } from "../cluster/kubernetes-object";
import type { FieldDifference } from "../diff/live-differences";

/**
 * The patch that puts exactly the fields back that differ. It is refused where the object has changed since it was read.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc6902
 */
export function patchBack(
  live: KubernetesObject,
  differences: readonly FieldDifference[],
): JsonPatchOperation[] {
  const operations = differences.map(({ path, deployed, live: current }): JsonPatchOperation => {
    const pointer = jsonPointer(live, path);
    return { op: current === undefined ? "add" : "replace", path: pointer, value: deployed };
  });
  const { resourceVersion } = live.metadata;
  return [{ op: "test", path: "/metadata/resourceVersion", value: resourceVersion }, ...operations];
}

/** Where a field is in a live object; an item of a list that is not there is added at the end. */
export function jsonPointer(live: unknown, path: FieldPath): string {
  let inner = live;
  return path
    .map((step) => {
      if ("key" in step) {
        inner = isMap(inner) ? inner[step.key] : undefined;
        return `/${step.key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      }
      const place = Array.isArray(inner) ? inner.indexOf(step.live) : -1;
      inner = step.live;
      return place < 0 ? "/-" : `/${place}`;
    })
    .join("");
}

/** The value at the path of a difference in another form of the same object, such as the masked one. */
export function valueAt(object: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>((inner, step) => {
    if ("key" in step) return isMap(inner) ? inner[step.key] : undefined;
    if (!Array.isArray(inner)) return undefined;
    if ("index" in step) return inner[step.index] as unknown;
    return inner.find(
      (item) => isMap(item) && Object.entries(step.item).every(([key, value]) => item[key] === value),
    ) as unknown;
  }, object);
}
