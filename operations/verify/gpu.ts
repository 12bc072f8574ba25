import { failed, notChecked, passed, type Verification } from "./check";
import type { RunningModel } from "./ollama-api";

export interface GpuCheckProps {
  /** GPUs that the environment asks for. */
  readonly count: number;
  /** The model that just answered, with its tag. */
  readonly model: string;
  /** What `/api/ps` says is in memory. */
  readonly running: readonly RunningModel[];
  /** Whether the pod is on a simulated node, whose GPU is a number. */
  readonly simulated: boolean;
  /** The command for people that prints its log. */
  readonly logs: string;
  /** Where its RuntimeClass is set, such as `applications.ollama.gpu.runtimeClass`. */
  readonly runtimeClass: string;
}

/** Whether the model that just answered is in the memory of a GPU. */
export function gpuCheck({
  count,
  model,
  running,
  simulated,
  logs,
  runtimeClass,
}: GpuCheckProps): Verification[] {
  if (count === 0) return [];
  const loaded = running.find(({ name }) => name === model);
  if (loaded && loaded.sizeVram > 0) {
    const share = Math.round((100 * loaded.sizeVram) / loaded.size);
    const rest = share < 100 ? `: the rest is on the CPU, which is slow; the GPU's memory is too small` : "";
    return [passed("gpu", `/api/ps: ${share} % of ${model} in the GPU's memory${rest}`)];
  }
  if (simulated) {
    return [
      notChecked("gpu", "the node is simulated: its GPU is a number, and the server beside it has none"),
    ];
  }
  if (!loaded) return [notChecked("gpu", `/api/ps: ${model} is not in memory any more`)];
  return [
    failed(
      "gpu",
      `/api/ps: none of ${model} is in a GPU's memory, ${count} GPU${count === 1 ? " is" : "s are"} asked for`,
      `${logs} | grep -i gpu\nor name the RuntimeClass of GPUs: ${runtimeClass} in the environment`,
    ),
  ];
}
