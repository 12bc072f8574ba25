import type { ChartPackage } from "../../contracts/chart-package";
import { describeFaults } from "../../contracts/check-values";
import type { Contract } from "../../contracts/contract";
import { valuesFaults } from "../../contracts/values-faults";
import { keyOf } from "../../settings/check";

/**
 * What a contract refuses of what the chart's own authors set: its `values.yaml`, and what is below `ci/`. Either the contract is
 * wrong, or they set what does nothing.
 */
export function ownFaults(contract: Contract, chart: Pick<ChartPackage, "values" | "examples">): string[] {
  const { name, version } = contract;
  return [{ path: "values.yaml", values: chart.values }, ...chart.examples].flatMap(({ path, values }) =>
    describeFaults({ contract, values, familiarKeys: {} }, valuesFaults(contract, values)).map(
      (fault) => `${path} of ${name} ${version}: ${keyOf([...fault.path])}: ${fault.text}`,
    ),
  );
}
