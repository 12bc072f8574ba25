import { z } from "zod";
import type { OllamaValues } from "../contracts/generated/ollama-values";
import { dnsLabel } from "../settings/environment-parts";
import { taggedModel } from "../settings/model-name";
import { application, type ApplicationRelease, modelServerPriority, releaseSettings } from "./application";
import { ingressOf } from "./ingress-of";

/** The port on which Ollama's API answers. */
const port = 11434;

const model = z
  .string()
  .regex(
    /^[a-z0-9][\w./-]*(:[\w.-]+)?$/i,
    "expected a model of the Ollama library, such as llama2 or qwen2.5:0.5b",
  )
  .transform(taggedModel);

const settings = releaseSettings({
  // Two models of 7 billion parameters take about 8Gi.
  storage: { models: "30Gi" },
  quota: { cpu: "8", memory: "16Gi", storage: "100Gi", pods: 10 },
  guard: "source ranges",
  more: {
    models: z
      .array(model)
      .min(1, "expected at least one model")
      .refine((models) => new Set(models).size === models.length, "expected each model once")
      .describe(
        "Models that it pulls and that LibreChat offers, the default one first; one without a tag is its `latest`.",
      ),
    gpu: z
      .object({
        count: z
          .number()
          .int()
          .min(0, "expected 0 to 16")
          .max(16, "expected 0 to 16")
          .describe("GPUs that it asks for. 0: it runs on the CPU."),
        type: z.enum(["nvidia", "amd"]).default("nvidia").describe("Whose GPUs."),
        runtimeClass: dnsLabel
          .optional()
          .describe(
            "RuntimeClass of its pods, only where the cluster has it and it is not the default: a pod that names a missing one is refused. Default: none.",
          ),
      })
      .strict()
      .superRefine(({ count, runtimeClass }, context) => {
        if (count > 0 || runtimeClass === undefined) return;
        context.addIssue({
          code: "custom",
          path: ["runtimeClass"],
          message: "a RuntimeClass for GPUs without a GPU: set gpu.count or remove gpu.runtimeClass",
        });
      })
      .describe("What it computes on."),
  },
});

export type OllamaSettings = z.output<typeof settings.schema>;

/**
 * Ollama, with the models, the GPU, the volume and the exposure that the environment decides.
 *
 * The models are on a claim that the foundation makes: neither a pod that restarts nor a release that is installed anew pulls
 * them again. It has no authentication: whoever reaches it can pull and delete models.
 *
 * @see https://github.com/otwld/ollama-helm
 */
export const ollama = application<OllamaSettings>({
  name: "ollama",
  component: "model-server",
  settings,
  moved: {
    models: "models",
    gpu: "gpu",
    "storage.models": "storage.models",
    "ingress.ollama": "ingress",
    "quotas.ollama": "quota",
  },
  // A pod is ready only after it has pulled every model.
  timeoutSeconds: 1800,
  pods: {
    api: { port },
  },
  gpus: ({ gpu }) => ({ [`${gpu.type}.com/gpu`]: gpu.count }),
  runtimeClass: ({ gpu }) => gpu.runtimeClass,
  overview: ({ models, gpu }) => [
    `models: ${models.join(", ")}`,
    gpu.count
      ? `gpu: ${gpu.count} × ${gpu.type}${gpu.runtimeClass ? `, RuntimeClass ${gpu.runtimeClass}` : ""}`
      : "gpu: none, on the CPU",
  ],
  decided: ({ settings: { environment }, release: { name } }) => {
    const file = `environments/${environment.name}.yaml`;
    const own = `applications.${name}`;
    return {
      "ollama.models.pull": `${own}.models in ${file}`,
      "ollama.gpu": `${own}.gpu in ${file}`,
      runtimeClassName: `${own}.gpu.runtimeClass in ${file}`,
      persistentVolume: `${own}.storage.models and storage.className in ${file}`,
      ingress: `${own}.ingress in ${file}`,
      priorityClassName: "the foundation stack",
    };
  },
  values: (context) => {
    const { gpu, models } = context.release.own;
    const decided: OllamaValues = {
      ollama: {
        gpu: gpu.count > 0 ? { enabled: true, type: gpu.type, number: gpu.count } : { enabled: false },
        models: { pull: [...models] },
      },
      ...(gpu.runtimeClass && { runtimeClassName: gpu.runtimeClass }),
      persistentVolume: {
        enabled: true,
        existingClaim: "models",
      },
      ingress: ingressOf(context, "0"),
      priorityClassName: modelServerPriority,
    };
    return { ...decided };
  },
});

/** The releases that are Ollama, with their own settings. */
export function ollamaReleases(
  releases: readonly ApplicationRelease[],
): readonly ApplicationRelease<OllamaSettings>[] {
  return releases.filter(
    ({ application: of }) => of === ollama,
  ) as unknown as ApplicationRelease<OllamaSettings>[];
}
