import { platformLabels } from "../settings/platform-labels";
import { declaredObjects } from "./kubernetes-objects";
import type { Rule } from "./rule";
import { block } from "./walk";

/** Without the last, Kubernetes lets every pod in, privileged ones too. */
const expected = [
  ...Object.keys(platformLabels({ name: "", environment: "", component: "" })),
  "pod-security.kubernetes.io/enforce",
];

/** A namespace that nobody can tell whose it is, or that has no Pod Security. */
export const namespaceLabels: Rule = {
  name: "namespace-labels",
  faults: (stack) => [
    ...declaredObjects(stack)
      .filter(({ kind }) => kind === "Namespace")
      .flatMap(({ place, metadata }) => {
        const labels = block(metadata.labels);
        const missing = expected.filter((label) => labels[label] === undefined || labels[label] === "");
        if (!missing.length) return [];
        return [
          {
            place: place([]),
            text: `the namespace ${String(metadata.name)} lacks the labels ${missing.join(", ")}: make it with AppNamespace (constructs/app-namespace.ts), which sets them`,
          },
        ];
      }),
    ...stack.releases
      .filter(({ attributes }) => attributes.create_namespace === true)
      .map(({ construct }) => ({
        place: `construct ${construct}`,
        text: "Helm makes the namespace (create_namespace), without labels, policies or Pod Security: make it with AppNamespace in stacks/foundation-stack.ts",
      })),
  ],
};
