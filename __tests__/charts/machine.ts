import * as path from "node:path";
import { findChartProbe, programsOf } from "../../operations/sandbox/programs";
import { skippedUnless } from "../skipped-unless";

const variables = ["CHARTS_DIR", "HELM"] as const;

/** A directory of chart packages. */
export const chartsDirectory = path.resolve(process.env.CHARTS_DIR ?? "");
/** The Helm program. */
export const helm = path.resolve(process.env.HELM ?? "");

const compiled = findChartProbe(programsOf(process.env));
/** What renders charts to prove their contracts. */
export const chartProbe = (): Promise<string> => Promise.resolve(compiled ?? "");
/** A test that renders with it. */
export const rendering = skippedUnless(
  compiled !== undefined,
  "what renders charts is not compiled here: TIERS=charts npm test compiles it, where there is Go",
);

// Not at once: where the tier is skipped its files are read all the same, to count its tests.
beforeAll(() => {
  for (const variable of variables) {
    if (!process.env[variable]) throw new Error(`the charts tier needs ${variable}: start it with npm test`);
  }
});
