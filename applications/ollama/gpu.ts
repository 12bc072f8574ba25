import { z } from "zod";
import type { OllamaValues } from "../../contracts/generated/ollama-values";
import { valuePlace, valueSource } from "../../contracts/value-source";
import { names } from "../../settings/kubernetes-names";
import { SettingsError } from "../../settings/settings-error";
import { type ApplicationValues, appended } from "../../settings/values";
import { isMap, type YamlMap } from "../../settings/yaml-file";

/** The ways to ask for GPUs, each another one. */
const ways = ["resource", "deviceClass", "claimTemplate"] as const;

interface Asked {
  readonly resource?: string;
  readonly deviceClass?: string;
}

/** Whether resources and classes are called after who makes the GPUs: `amd.com/gpu`, `gpu.amd.com`. */
function isOf(type: string, { resource = "", deviceClass = "" }: Asked): boolean {
  return `${resource.split("/")[0]}.${deviceClass}`.includes(`${type}.com`);
}

function typeOf(asked: Asked): "nvidia" | "amd" {
  return isOf("amd", asked) ? "amd" : "nvidia";
}

/** What an environment may say of the GPUs of an Ollama. */
export const gpuSettings = z
  .object({
    count: z
      .number()
      .int()
      .min(0, "expected 0 to 16")
      .max(16, "expected 0 to 16")
      .describe("GPUs that it asks for. 0: it runs on the CPU."),
    type: z
      .enum(["nvidia", "amd"])
      .optional()
      .describe("Whose GPUs. Default: amd where what it asks for is called so, else nvidia."),
    resource: names.extendedResource
      .optional()
      .describe(
        "Resource of the device plugin that it asks for: parts of a GPU, such as nvidia.com/mig-1g.5gb, or shares of one, such as nvidia.com/gpu.shared. Default: nvidia.com/gpu or amd.com/gpu.",
      ),
    deviceClass: names.deviceClass
      .optional()
      .describe(
        "DeviceClass, such as gpu.nvidia.com, of which it claims its GPUs by dynamic resource allocation. Default: none, it asks a device plugin.",
      ),
    claimTemplate: names.resourceClaimTemplate
      .optional()
      .describe(
        "ResourceClaimTemplate of somebody else in its namespace, which says what it claims by dynamic resource allocation. Default: none.",
      ),
    runtimeClass: names.runtimeClass
      .optional()
      .describe(
        "RuntimeClass of its pods, only where the cluster has it and it is not the default: a pod that names a missing one is refused. Default: none.",
      ),
  })
  .strict()
  .superRefine((gpu, context) => {
    const fault = (key: string, message: string): void =>
      context.addIssue({ code: "custom", path: [key], message });
    const [first, second] = ways.filter((key) => gpu[key] !== undefined);
    if (first && second)
      fault(second, `is another way to ask for GPUs than gpu.${first}: remove one of them`);
    const without = gpu.count > 0 ? undefined : ([...ways, "runtimeClass"] as const).find((key) => gpu[key]);
    if (without) fault(without, `is for GPUs, and there is none: set gpu.count or remove gpu.${without}`);
    const other = { nvidia: "amd", amd: "nvidia" }[gpu.type ?? typeOf(gpu)];
    if (isOf(other, gpu)) fault("type", `what it asks for is called ${other}: correct gpu.type or remove it`);
  })
  .transform(({ type, ...gpu }) => {
    const whose = type ?? typeOf(gpu);
    const claims = gpu.deviceClass ?? gpu.claimTemplate;
    return {
      ...gpu,
      type: whose,
      ...(claims === undefined && { resource: gpu.resource ?? `${whose}.com/gpu` }),
    };
  })
  .describe("What it computes on.");

type Gpu = z.output<typeof gpuSettings>;

/** In words, such as `2 × nvidia.com/gpu`. */
export function gpuTitle({ count, resource, deviceClass, claimTemplate, runtimeClass }: Gpu): string {
  if (count === 0) return "none, on the CPU";
  const what = resource ?? deviceClass ?? `of what ${claimTemplate} claims`;
  return `${count} × ${what}${runtimeClass ? `, RuntimeClass ${runtimeClass}` : ""}`;
}

/** The chart's own key for GPUs. */
export function chartGpu({ count, type, resource, deviceClass, claimTemplate }: Gpu): ChartGpu {
  if (count === 0) return { enabled: false };
  const gpu = { enabled: true, type };
  if (claimTemplate) return { ...gpu, draEnabled: true, draExistingClaimTemplate: claimTemplate };
  if (deviceClass) return { ...gpu, number: count, draEnabled: true, draDriverClass: deviceClass };
  const isNamed = type === "nvidia" && resource !== "nvidia.com/gpu";
  return { ...gpu, number: count, ...(isNamed && { nvidiaResource: resource }) };
}

type ChartGpu = NonNullable<OllamaValues["ollama"]>["gpu"];

/** What else follows from the GPUs. @param values of the files */
export function gpuValues({ count, type, resource, runtimeClass }: Gpu, values: YamlMap): OllamaValues {
  if (count === 0) return {};
  return {
    ...(runtimeClass && { runtimeClassName: runtimeClass }),
    // Nodes keep other pods away by the name of whole GPUs: the chart lets its pod in by the name of what it asks NVIDIA's for.
    ...(resource !== "nvidia.com/gpu" && {
      tolerations: appended(values.tolerations, [
        { key: `${type}.com/gpu`, operator: "Exists", effect: "NoSchedule" },
      ]),
    }),
    // Of AMD's the chart knows whole ones alone, and asks for one unless it is told how many.
    ...(type === "amd" &&
      resource !== undefined &&
      resource !== "amd.com/gpu" && {
        resources: { limits: { "amd.com/gpu": "0", [resource]: String(count) } },
      }),
  };
}

/** Extended resources that are GPUs, or parts of one. */
const isGpu = /(^|[./])(gpu|mig-)|^(nvidia|amd)\.com\//;

/**
 * Refuses values that beat the GPUs of the environment: the chart asks for them in the resources of its container, where what a file
 * says goes first, and asks for none where there are no resources at all.
 *
 * @param where the environment says what GPUs there are, such as `applications.ollama.gpu in environments/minikube.yaml`
 * @throws SettingsError with one line a key
 */
export function refuseGpuValues(
  root: string,
  { values, files }: ApplicationValues,
  gpu: Gpu,
  where: string,
): void {
  const faults = files.flatMap((file) => {
    const { resources } = file.values;
    const keys = ["limits", "requests"].flatMap((kind) =>
      Object.keys((isMap(resources) && isMap(resources[kind]) && resources[kind]) || {})
        .filter((name) => isGpu.test(name) || name === gpu.resource)
        .map((name) => ({ at: ["resources", kind, name], key: `resources.${kind}["${name}"]` })),
    );
    const claims = gpu.resource === undefined && isMap(resources) && resources.claims;
    return [...keys, ...(claims ? [{ at: ["resources", "claims"], key: undefined }] : [])].map(
      ({ at, key }) => `${valuePlace(root, file, at, key)}: is decided by ${where}: remove it here`,
    );
  });
  if (gpu.count > 0 && values.resources === null) {
    faults.push(
      `${valueSource(root, files, ["resources"])}: resources: is empty, and without resources the chart asks for no GPU, of which ${where} has ${gpu.count}: remove it, or write {} for what the chart has`,
    );
  }
  if (faults.length) throw new SettingsError(faults.join("\n"));
}
