import { type KubernetesObject, type ObjectPair, title } from "../../cluster/kubernetes-object";

/** Something about a change that a reader must not miss. */
export interface Warning {
  readonly kind: WarningKind;
  /** One sentence; masked. */
  readonly text: string;
}

export type WarningKind =
  | "data-lost"
  | "deleted"
  | "workload-recreated"
  | "downtime"
  | "step-before"
  | "hand-over"
  | "image-moved"
  | "gpu-count"
  | "exposed"
  | "network-policy"
  | "stuck"
  | "rolled-back"
  | "deployed-by-others";

/**
 * What of one object's change deserves a warning, one sentence each. Either side is missing where it comes or goes.
 *
 * @param all every object that is known of, also those that do not change
 */
export type Rule = (
  old: KubernetesObject | undefined,
  planned: KubernetesObject | undefined,
  all: readonly ObjectPair[],
) => string[];

/** An object in words, such as `Secret/tls in RELEASE`. */
export function inNamespace(object: KubernetesObject): string {
  const { namespace } = object.metadata;
  return namespace ? `${title(object)} in ${namespace}` : title(object);
}
