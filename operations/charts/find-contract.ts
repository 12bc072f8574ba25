import * as fs from "node:fs";
import * as path from "node:path";
import { type Contract, contractFile, loadContract } from "../../contracts/contract";
import type { Chart } from "../../settings/chart-lock";

/** The contract of a chart's version, or undefined where none was made yet. */
export function findContract(root: string, { name, version }: Chart): Contract | undefined {
  return fs.existsSync(path.join(root, contractFile(name, version)))
    ? loadContract(root, name, version)
    : undefined;
}
