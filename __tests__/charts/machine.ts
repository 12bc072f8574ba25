import * as path from "node:path";

/** What the charts tier needs and `npm test` hands over; a tier that starts without it is a mistake, not a pass. */
function handed(variable: "CHARTS_DIR" | "HELM"): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the charts tier needs ${variable}: start it with npm test`);
  return path.resolve(value);
}

/** A directory of chart packages. */
export const chartsDirectory = handed("CHARTS_DIR");
/** The Helm program. */
export const helm = handed("HELM");
