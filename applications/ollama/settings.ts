import { z } from "zod";
import { releaseSettings } from "../application";
import { gpuSettings } from "./gpu";
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
  subPaths: ["models"],
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
    gpu: gpuSettings,
  },
});

export type OllamaSettings = z.output<typeof ollamaSettings.schema>;
