import type { Place, SynthesizedStack } from "./rule";
import { block } from "./walk";

/** An object that Terraform's kubernetes provider makes, whichever of its resources says so. */
export interface DeclaredObject {
  /** Such as `Namespace`. */
  readonly kind: string;
  /** Its construct, and the key. */
  readonly place: Place;
  /** In snake case, or in Kubernetes' own for a manifest. */
  readonly attributes: { readonly [key: string]: unknown };
  readonly metadata: { readonly [key: string]: unknown };
}

/** What the stack makes in the cluster by itself: `kubernetes_secret_v1` and the like, and `kubernetes_manifest`. */
export function declaredObjects({ resources }: SynthesizedStack): DeclaredObject[] {
  return resources.flatMap((resource): DeclaredObject[] => {
    const name = /^kubernetes_(.+?)(_v\d\w*)?$/.exec(resource.type)?.[1];
    if (!name) return [];
    const attributes = name === "manifest" ? block(resource.attributes.manifest) : resource.attributes;
    const kind =
      name === "manifest"
        ? String(attributes.kind)
        : name.replace(/(?:^|_)(\w)/g, (_, c: string) => c.toUpperCase());
    const place: Place = (path) =>
      [`construct ${resource.construct}`, path.join(".")].filter(Boolean).join(": ");
    return [{ kind, place, attributes, metadata: block(attributes.metadata) }];
  });
}
