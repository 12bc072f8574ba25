import * as fs from "node:fs";
import { loadEnvironment } from "../../applications/load-environment";
import { needed } from "./connection";
import type { Workflow } from "./workflow";

/** Names the engine of an environment to the steps that install it. */
export function nameEngine({ root, environment, variables }: Workflow): void {
  const { engine } = loadEnvironment(root, environment, variables);
  const output = needed(variables, "GITHUB_OUTPUT", "the file for a step's outputs");
  fs.appendFileSync(output, `name=${engine}\n`);
}
