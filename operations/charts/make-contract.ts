import type { ChartPackage } from "../../contracts/chart-package";
import type { Contract } from "../../contracts/contract";
import { deriveContract } from "../../contracts/derive-contract";
import { kubernetesSchema } from "../../contracts/kubernetes-schema";
import type { YamlMap } from "../../settings/yaml-file";
import { OperationError } from "../errors/operation-error";
import { ChartProbe, mostWork } from "./chart-probe";
import { proveContract } from "./prove-contract";

export interface MakeContractProps {
  /** The package, and what is in it. */
  readonly file: string;
  readonly chart: ChartPackage;
  /** See `ChartsContext`. */
  readonly probe: () => Promise<string>;
  /** Values that people set, for which it may take three times as long. @default - those of the chart's own `ci/` alone */
  readonly values?: readonly YamlMap[];
}

/** A contract, and whether rendering shows it. */
export interface MadeContract {
  readonly contract: Contract;
  /** Why it is inferred alone. @default - it is proved */
  readonly unproved?: string;
  /** Processor time of what rendered it. @default - nothing did */
  readonly seconds?: number;
}

/** The contract of a package: inferred from its templates, and proved by rendering where this machine can. */
export async function makeContract(props: MakeContractProps): Promise<MadeContract> {
  const { file, chart, probe, values = [] } = props;
  const infer = (): Contract => deriveContract(chart, kubernetesSchema());
  let running: ChartProbe | undefined;
  try {
    // It reads the chart, on another core, while that is inferred.
    running = new ChartProbe(await probe(), file, chart.name, values.length ? 3 * mostWork : mostWork);
    const contract = infer();
    const proved = await proveContract({ contract, chart, probe: running, values });
    return { contract: proved.contract, seconds: running.seconds };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return { contract: untried(infer()), unproved: error.message };
  } finally {
    running?.close();
  }
}

/** That templates seem to read a key nowhere is no reason to refuse it, until it was tried. */
function untried(contract: Contract): Contract {
  const keys = Object.entries(contract.keys).map(([path, key]) => [
    path,
    key.unread ? { ...key, known: "unknown" as const } : key,
  ]);
  return { ...contract, keys: Object.fromEntries(keys) };
}
