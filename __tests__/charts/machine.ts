import * as path from "node:path";

const variables = ["CHARTS_DIR", "HELM"] as const;

/** A directory of chart packages. */
export const chartsDirectory = path.resolve(process.env.CHARTS_DIR ?? "");
/** The Helm program. */
export const helm = path.resolve(process.env.HELM ?? "");

// Not at once: where the tier is skipped its files are read all the same, to count its tests.
beforeAll(() => {
  for (const variable of variables) {
    if (!process.env[variable]) throw new Error(`the charts tier needs ${variable}: start it with npm test`);
  }
});
