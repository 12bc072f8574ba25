import * as fs from "node:fs";
import * as path from "node:path";
import { loadSettings } from "../../applications/load-settings";
import type { Environment } from "../../settings/environment";
import { fetchChart } from "../charts/fetch-chart";
import { findHelm } from "../helm/helm";
import { runProgram } from "../terminal/run-program";
import { sandboxEnvironment } from "../sandbox/sandbox-environment";
import { type MeasuredContext, measuredRun, type Measurement } from "./measured-run";

/** The chart that all applications but the platform's own are of: the tests' smallest. */
const chart = "echo";
const chartSource = "__tests__/fixtures/charts/echo";

/** Where a platform of some size is measured, beside what else deploys the same. */
export interface Lab extends MeasuredContext {
  /** How many releases it has. */
  readonly size: number;
  /** With the platform's own releases alone: this process knows no other application. */
  readonly environment: Environment;
  readonly byHand: string;
  /** A resource an object: only where it is small enough. */
  readonly objects: string;
  /** Lines of HCL that one release takes by hand, beside its values. */
  readonly linesByHand: number;
  /** Resident memory of the sandbox's control plane with the platform alone. */
  readonly controlPlaneMb: number;
  /** What was measured last, by what it was. */
  readonly last: Map<string, Measurement>;
}

/** A lab in which nothing is deployed yet. */
export type PreparedLab = Omit<Lab, "linesByHand" | "controlPlaneMb">;

/**
 * A copy of the repository with so many releases: the platform's two, and those of a small chart under many names. Its values are
 * those of everybody who uses the chart.
 *
 * @param size at least 2
 */
export async function prepareLab(context: MeasuredContext, size: number): Promise<PreparedLab> {
  const { root, variables } = context;
  const settings = loadSettings(root, { ...variables, ENVIRONMENT: sandboxEnvironment });
  const charts = path.join(root, "..", "charts");
  fs.mkdirSync(charts, { recursive: true });
  const helm = findHelm(variables);
  const { CHARTS_DIR } = variables;
  for (const locked of Object.values(settings.charts)) {
    const file = path.join(charts, `${locked.name}-${locked.version}.tgz`);
    if (fs.existsSync(file)) continue;
    const directory = fs.mkdtempSync(path.join(charts, "fetched-"));
    const options = { ...(CHARTS_DIR && { chartsDirectory: CHARTS_DIR }), helm: () => helm, directory };
    fs.copyFileSync(await fetchChart({ chart: locked, version: locked.version, ...options }), file);
    fs.rmSync(directory, { recursive: true });
  }
  await runProgram(helm, ["package", path.join(root, chartSource), "--destination", charts]);
  // What no release is of, is asked for at its repository.
  if (size > 2) addApplication(root);
  const file = path.join(root, `environments/${sandboxEnvironment}.yaml`);
  const names = Array.from({ length: size - 2 }, (_, i) => `${chart}-${String(i).padStart(3, "0")}`);
  const releases = names.map((name) => `  ${name}: { application: ${chart} }\n`).join("");
  const text = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, text.replace("\nstorage:", `${releases}\nstorage:`));
  const lab = {
    ...context,
    variables: { ...variables, CHARTS_DIR: charts },
    size,
    environment: settings.environment,
    // Not in the repository, where everything may be part of what is synthesized.
    byHand: path.join(root, "..", "by-hand"),
    objects: path.join(root, "..", "objects"),
    last: new Map<string, Measurement>(),
  };
  if (size > 2) await measuredRun(lab, ["npm", "run", "charts", "--", "update", chart]);
  return lab;
}

/** What a user writes for a chart that the platform does not know. */
function addApplication(root: string): void {
  const source = fs.readFileSync(path.join(root, `__tests__/fixtures/applications/${chart}.ts`), "utf8");
  fs.writeFileSync(
    path.join(root, `applications/${chart}.ts`),
    source.replaceAll("../../../applications/", "./"),
  );
  const registry = path.join(root, "applications/registry.ts");
  const known = fs.readFileSync(registry, "utf8");
  fs.writeFileSync(
    registry,
    `import { ${chart} } from "./${chart}";\n${known.replace(/\[(.*)\];/, `[$1, ${chart}];`)}`,
  );
  fs.appendFileSync(
    path.join(root, "charts/lock.yaml"),
    `${chart}:\n  repository: https://charts.example.org\n  version: 0.1.0\n`,
  );
  fs.writeFileSync(path.join(root, `values/${chart}.yaml`), "replicaCount: 1\n");
}
