import * as fs from "node:fs";
import * as path from "node:path";
import { environmentNames } from "../../applications/load-environment";
import { SettingsError } from "../../settings/settings-error";
import { toYaml, type YamlMap } from "../../settings/yaml-file";
import type { KubernetesObject } from "../cluster/kubernetes-object";
import { OperationError } from "../errors/operation-error";
import { findPinned } from "../sandbox/pinned-program";
import { withTemporaryDirectory } from "../terminal/temporary-directory";
import { type Finding, faultsIn, findingsFile, loadSwitchedOff, type SwitchedOff } from "./findings";
import { type Scanner, scanners } from "./scanners";

export interface LintManifestsProps {
  /** The repository, absolute. */
  readonly root: string;
  /** The process's environment. */
  readonly variables: NodeJS.ProcessEnv;
  /** What an environment deploys, by its name. @throws OperationError where this machine cannot have it */
  readonly deployed: (environment: string) => Promise<readonly KubernetesObject[]>;
  readonly say: (line: string) => void;
  /** @default {@link scanners} */
  readonly use?: readonly Scanner[];
  /** @default - what `applications/findings.yaml` says */
  readonly switchedOff?: SwitchedOff;
}

/**
 * Looks for faults in what every environment deploys, by public scanners. A scanner that this machine cannot have is named, with
 * the reason, and is no failure; nor is a machine that cannot have the charts.
 *
 * @throws OperationError where one of them finds what is not switched off, or what is switched off is found nowhere
 */
export async function lintManifests({
  root,
  variables,
  deployed,
  say,
  use = scanners,
  switchedOff = loadSwitchedOff(root),
}: LintManifestsProps): Promise<void> {
  const faulty: string[] = [];
  await withTemporaryDirectory(async (directory) => {
    const files: string[] = [];
    for (const environment of environmentNames(root)) {
      const file = path.join(directory, `${environment}.yaml`);
      let objects: readonly KubernetesObject[];
      try {
        objects = await deployed(environment);
      } catch (error) {
        if (!(error instanceof OperationError || error instanceof SettingsError)) throw error;
        return say(`skipped: ${environment} cannot be rendered here: ${error.message}`);
      }
      fs.writeFileSync(file, objects.map((object) => toYaml(object as unknown as YamlMap)).join("---\n"));
      files.push(file);
    }
    for (const scanner of use) {
      // None of them is to look at a cluster that happens to be there.
      const run = await findPinned(scanner, { ...variables, KUBECONFIG: path.join(directory, "none") });
      if (typeof run === "string") {
        say(`${scanner.name}: skipped: ${run}`);
        continue;
      }
      const found: Finding[] = [];
      let unavailable: string | undefined;
      for (const file of files) {
        const { stdout, stderr } = await run([...scanner.arguments, file]);
        try {
          unavailable = scanner.unavailable?.(stdout);
          if (unavailable !== undefined) break;
          found.push(...scanner.findings(stdout));
        } catch (error) {
          throw new OperationError(
            `${scanner.name} ${scanner.version}: ${stderr.trim() || (error as Error).message}`,
          );
        }
      }
      if (unavailable !== undefined) {
        say(`${scanner.name}: skipped: ${unavailable}`);
        continue;
      }
      const faults = faultsIn(scanner.name, found, switchedOff);
      const count = `${files.length} environments, ${found.length - faults.length} findings switched off`;
      say(
        `${scanner.name} ${scanner.version}: ${faults.length ? `\n${faults.join("\n")}` : `${count}, no fault`}`,
      );
      if (faults.length) faulty.push(scanner.name);
    }
  });
  if (faulty.length === 0) return;
  throw new OperationError(
    `${faulty.join(" and ")}: faults in what is deployed: see above; mend them, or switch them off with a reason in ${findingsFile}`,
  );
}
