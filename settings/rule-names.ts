/** The rules that every synthesized stack is held against, one file each in `policies/`. */
export const ruleNames = [
  "archived-image",
  "image-digest",
  "latest-image",
  "namespace-labels",
  "open-network",
  "open-release",
  "privileged-pod",
  "secret-values",
  "unpinned-chart",
  "unreadable-values",
] as const;

export type RuleName = (typeof ruleNames)[number];

/** The rules that an environment switches off, and why. */
export type Exemptions = { readonly [rule in RuleName]?: string };

/** One sentence for each rule that is switched off: every report has them. */
export function exemptionSentences(exemptions: Exemptions): string[] {
  return Object.entries(exemptions).map(([rule, reason]) => `the rule ${rule} is switched off: ${reason}`);
}
