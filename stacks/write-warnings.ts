import type { App, TerraformStack } from "cdktf";
import * as fs from "node:fs";
import * as path from "node:path";
import { releaseWarnings } from "../applications/release-check";
import { policyWarnings } from "../policies/enforce-policies";
import type { Settings } from "../settings/settings";
import { warningsFile } from "../settings/warnings-file";
import { knownApplications } from "./platform";

/** Writes what only warns beside the stacks: whoever tells it, such as every diff, need not look for it anew. */
export function writeWarnings(app: App, stacks: readonly TerraformStack[], settings: Settings): void {
  const known = knownApplications(settings);
  const warnings = [
    ...stacks.flatMap((stack) => policyWarnings(stack.node.id, stack.toTerraform(), settings, known)),
    ...releaseWarnings(settings),
  ];
  fs.writeFileSync(path.join(app.outdir, warningsFile), `${JSON.stringify(warnings, null, 2)}\n`);
}
