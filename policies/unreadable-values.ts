import type { Rule } from "./rule";

/** Values that Terraform alone knows: neither these rules nor the contract of the chart can look at them. */
export const unreadableValues: Rule = {
  name: "unreadable-values",
  faults: ({ releases }) =>
    releases
      .filter(({ readable }) => !readable)
      .map(({ construct }) => ({
        place: `construct ${construct}: values`,
        text: "are an expression of Terraform or no YAML mapping, so that nothing checks them: put them into a values file",
      })),
};
