import { z } from "zod";
import { names } from "../../settings/kubernetes-names";
import { releaseSettings } from "../application";
import { listedModel, modelPattern } from "./model-name";

const model = z
  .string()
  .regex(
    modelPattern,
    "expected a model such as llama2, qwen2.5:0.5b or registry.local:5000/library/llama3:8b, without https://",
  )
  .transform(listedModel);

/** What an environment may say of Ollama. */
export const ollamaSettings = releaseSettings({
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
        runtimeClass: names.runtimeClass
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

export type OllamaSettings = z.output<typeof ollamaSettings.schema>;
