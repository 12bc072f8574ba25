import type { ApplicationRelease } from "../../applications/application";

/** What would have come after what failed, by names. */
export interface NotReached {
  readonly releases: readonly string[];
  readonly stacks: readonly string[];
  /** The releases that failed. */
  readonly failed: readonly string[];
}

/**
 * What was not reached, a line each, with the releases that failed and that it needs. Terraform goes on with what does not need
 * what failed, and says nothing of the rest.
 */
export function notReachedLines(
  all: readonly Pick<ApplicationRelease, "name" | "needs">[],
  { releases, stacks, failed }: NotReached,
): string[] {
  const needs = (name: string): string[] => {
    const direct = all.find((release) => release.name === name)?.needs ?? [];
    return [...new Set(direct.flatMap((needed) => [needed, ...needs(needed)]))];
  };
  return [
    ...releases.map((name) => {
      const because = needs(name).filter((needed) => failed.includes(needed));
      return `  release ${name} was not reached${because.length ? `: it needs ${because.join(" and ")}` : ""}`;
    }),
    ...stacks.map((stack) => `  ${stack} was not reached`),
  ];
}
