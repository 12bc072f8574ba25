import type { Lab } from "./lab";

/** Who deploys the same releases. */
export const sides = ["platform", "terraform", "byHand", "objects"] as const;

export type Side = (typeof sides)[number];

/** What a column of each is called. */
export const titles: { readonly [side in Side]: string } = {
  platform: "this platform",
  terraform: "Terraform alone on its stacks",
  byHand: "the releases by hand in HCL",
  objects: "a resource an object",
};

/** One figure that is measured at every size. */
export interface Figure {
  /** As the tables name it. */
  readonly title: string;
  readonly unit: "s" | "MB" | "KB" | "lines" | "secrets";
  /**
   * The largest median of the platform that keeps the promise.
   *
   * @param medianOf what was measured at the size, also of other figures, by their title
   * @default - none is promised at the size
   */
  readonly goal?: (
    size: number,
    medianOf: (side: Side, title?: string) => number | undefined,
  ) => number | undefined;
  /** Takes it once, for each side that it is taken of. @returns undefined where it is not at this size */
  readonly take: { readonly [side in Side]?: (lab: Lab) => Promise<number | undefined> };
  /** How often it is taken, where that is less than the others. @default - as often as asked */
  readonly atMostRuns?: number;
}
