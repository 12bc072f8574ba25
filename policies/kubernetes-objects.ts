import { isMap } from "../settings/yaml-file";
import type { SynthesizedResource, SynthesizedStack } from "./rule";
import { block } from "./walk";

/** An object that Terraform's kubernetes provider makes, whichever of its resources says so. */
export interface DeclaredObject {
  /** Such as `Namespace`. */
  readonly kind: string;
  readonly resource: SynthesizedResource;
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
    return [{ kind, resource, attributes, metadata: block(attributes.metadata) }];
  });
}

/** Labels or annotations of an object; none where there are none. */
export function texts(value: unknown): { readonly [key: string]: unknown } {
  return isMap(value) ? value : {};
}
