import { isMap } from "../../settings/yaml-file";
import { fieldAt, type KubernetesObject, listAt } from "../cluster/kubernetes-object";

/** What an object outside of the platform's namespaces does in them. */
export interface Concern {
  /** In words, such as `gives pods of chat the ClusterRole admin`. */
  readonly does: string;
  /** The field that says so. */
  readonly field: string;
  /** Whether it does so in every namespace, as what belongs to the cluster does. */
  readonly everywhere: boolean;
}

/** By kind: what it does in some namespaces, undefined where nothing. */
const concerns: {
  readonly [kind: string]: (
    object: KubernetesObject,
    namespaces: readonly KubernetesObject[],
  ) => Concern | undefined;
} = {
  ClusterRoleBinding: binding,
  RoleBinding: binding,
  ValidatingWebhookConfiguration: webhooks,
  MutatingWebhookConfiguration: webhooks,
  ValidatingAdmissionPolicyBinding: policy,
  MutatingAdmissionPolicyBinding: policy,
  // Of OpenShift.
  ClusterResourceQuota: quota,
};

/** Kinds whose objects concern namespaces that they are not in. */
export const clusterWide = Object.keys(concerns);

/**
 * What an object does in some namespaces that it is not in; undefined where it does nothing.
 *
 * @param namespaces as the API server has them
 */
export function concern(
  object: KubernetesObject,
  namespaces: readonly KubernetesObject[],
): Concern | undefined {
  return concerns[object.kind]?.(object, namespaces);
}

/** Groups in which every ServiceAccount of the cluster is, and who it is without its token. */
const everybody = [
  ...["system:serviceaccounts", "system:authenticated"],
  ...["system:unauthenticated", "system:anonymous"],
];

function binding(object: KubernetesObject, namespaces: readonly KubernetesObject[]): Concern | undefined {
  const subjects = listAt(object, "subjects") as readonly Subject[];
  const everywhere = subjects.some(({ name }) => everybody.includes(name));
  const named = namespaces.filter(({ metadata }) =>
    subjects.some((subject) => isAccountOf(subject, metadata.name)),
  );
  const role = `${String(fieldAt(object, "roleRef", "kind"))} ${String(fieldAt(object, "roleRef", "name"))}`;
  const where = object.kind === "RoleBinding" ? ` in ${object.metadata.namespace}` : "";
  return about(everywhere ? namespaces : named, named.length === 0, "subjects", (names) => {
    return `gives pods of ${names} the ${role}${where}`;
  });
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A ServiceAccount is a user, too, and in the group of its namespace. */
function isAccountOf({ kind, name, namespace }: Subject, of: string): boolean {
  if (kind === "ServiceAccount") return namespace === of;
  return name === `system:serviceaccounts:${of}` || name.startsWith(`system:serviceaccount:${of}:`);
}

const admission = (names: string) => `has a say in what is made or changed in ${names}`;

/** Kubernetes' own groups, and all of them. */
const group = /^[^.]*$|\.k8s\.io$/;

function webhooks(object: KubernetesObject, namespaces: readonly KubernetesObject[]): Concern | undefined {
  const selectors = listAt(object, "webhooks")
    .filter((webhook) =>
      listAt(webhook, "rules").some(
        (rule) =>
          fieldAt(rule, "scope") !== "Cluster" &&
          listAt(rule, "apiGroups").some((name) => group.test(String(name))),
      ),
    )
    .map((webhook) => fieldAt(webhook, "namespaceSelector"));
  return selected(selectors, namespaces, "webhooks", admission);
}

function policy(object: KubernetesObject, namespaces: readonly KubernetesObject[]): Concern | undefined {
  const selector = fieldAt(object, "spec", "matchResources", "namespaceSelector");
  return selected([selector], namespaces, "spec", admission);
}

function quota(object: KubernetesObject, namespaces: readonly KubernetesObject[]): Concern | undefined {
  const selector = fieldAt(object, "spec", "selector", "labels");
  const limits = (names: string) => `limits what there may be in ${names}`;
  return selected(selector ? [selector] : [], namespaces, "spec", limits);
}

function selected(
  selectors: readonly unknown[],
  namespaces: readonly KubernetesObject[],
  field: string,
  does: (names: string) => string,
): Concern | undefined {
  const chosenBy = (some: readonly unknown[]) =>
    namespaces.filter(({ metadata }) => some.some((selector) => matches(selector, metadata.labels)));
  const particular = selectors.filter((selector) => !matches(selector, {}));
  return about(chosenBy(selectors), chosenBy(particular).length === 0, field, does);
}

function about(
  namespaces: readonly KubernetesObject[],
  everywhere: boolean,
  field: string,
  does: (names: string) => string,
): Concern | undefined {
  if (namespaces.length === 0) return undefined;
  return { does: does(namespaces.map(({ metadata }) => metadata.name).join(", ")), field, everywhere };
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
function matches(selector: unknown, of: unknown): boolean {
  const labels = isMap(of) ? of : {};
  const equal = Object.entries((fieldAt(selector, "matchLabels") ?? {}) as object);
  return (
    equal.every(([key, value]) => labels[key] === value) &&
    listAt(selector, "matchExpressions").every((expression) => {
      const [key, operator] = [String(fieldAt(expression, "key")), fieldAt(expression, "operator")];
      const isIn = listAt(expression, "values").includes(labels[key]);
      if (operator === "In") return isIn;
      if (operator === "NotIn") return !isIn;
      return (operator === "Exists") === (labels[key] !== undefined);
    })
  );
}
