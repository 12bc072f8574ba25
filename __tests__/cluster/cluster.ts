import * as path from "node:path";
import { programsOf, providePrograms } from "../../operations/sandbox/programs";
import { startSandbox } from "../../operations/sandbox/sandbox";
import { Clone } from "../clone";

/** A chart that is small enough to see through, and renders without any other package. */
export const echoChart = path.join(__dirname, "..", "fixtures", "charts", "echo");

/** A copy of this repository whose sandbox runs, and has nothing in it: Terraform is not needed. */
export async function cloneWithCluster(models: readonly string[] = ["tiny"]): Promise<Clone> {
  const binaries = await providePrograms(programsOf(process.env));
  const clone = new Clone();
  await startSandbox({ directory: clone.file(".sandbox"), binaries, models });
  return clone;
}

/**
 * Installs or upgrades a release with Helm alone, as somebody does who knows nothing of this program.
 *
 * @param args of `helm upgrade`, such as `["--set", "greeting=bye"]`
 */
export async function release(
  clone: Clone,
  name: string,
  args: readonly string[] = [],
  chart = echoChart,
): Promise<void> {
  await clone.helm(
    ...["upgrade", "--install", name, chart, "--namespace", name, "--create-namespace"],
    ...["--wait", "--timeout", "60s", ...args],
  );
}
