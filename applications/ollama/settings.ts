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

const registry = z
  .string()
  .regex(/^\w[\w.-]*(:\d+)?$/, "expected a registry such as registry.local:5000, without https://");

/** How Ollama takes a duration. @see https://pkg.go.dev/time#ParseDuration */
const duration = z
  .string()
  .regex(/^(-1|0|(\d+(\.\d+)?(ms|s|m|h))+)$/, "expected a duration such as 30m or 24h, 0, or -1 for always");

const settings = releaseSettings({
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
    embeddings: z
      .array(model)
      .default([])
      .describe("Models that it pulls beside them, and that LibreChat does not offer: for embeddings."),
    modelfiles: z
      .record(model, z.string().regex(/^\s*FROM\s+\S/im, "expected a Modelfile, which has a line FROM"))
      .default({})
      .describe("Those of the models that are not pulled, but made of a Modelfile, by their names."),
    insecureRegistries: z
      .array(registry)
      .default([])
      .describe("Registries that answer without TLS, or with a certificate that nobody knows."),
    contextLength: z
      .number()
      .int()
      .min(1, "expected at least 1")
      .optional()
      .describe(
        "Tokens that a conversation may have. Default: what Ollama takes for the memory that it finds.",
      ),
    parallelRequests: z
      .number()
      .int()
      .min(1, "expected at least 1")
      .optional()
      .describe(
        "How many requests a model answers side by side, each with the memory of a context. Default: Ollama's, 1.",
      ),
    keepLoaded: duration
      .optional()
      .describe("How long a model stays in memory after its last request. Default: Ollama's, 5m."),
    gpu: gpuSettings,
  },
});

/** What an environment may say of Ollama. */
export const ollamaSettings = {
  ...settings,
  schema: settings.schema.superRefine((own, context) => {
    const { models, embeddings, modelfiles, insecureRegistries } = own;
    for (const name of Object.keys(modelfiles)) {
      if ([...models, ...embeddings].includes(name)) continue;
      const message = `${name} is among neither models nor embeddings: add it to one of them`;
      context.addIssue({ code: "custom", path: ["modelfiles"], message });
    }
    const twice = embeddings.find((name, i) => models.includes(name) || embeddings.indexOf(name) !== i);
    if (twice)
      context.addIssue({ code: "custom", path: ["embeddings"], message: `has ${twice} a second time` });
    for (const unused of insecureRegistries) {
      if (pulledNames(own).some((name) => isFrom(name, [unused]))) continue;
      const message = `no model comes from ${unused}: name it as the models do, with its port, or remove it`;
      context.addIssue({ code: "custom", path: ["insecureRegistries"], message });
    }
  }),
};

export type OllamaSettings = z.output<typeof ollamaSettings.schema>;

/** The models that are pulled: those that are not made, and what those are made of. */
export function pulledNames({
  models,
  embeddings,
  modelfiles,
}: Pick<z.output<typeof settings.schema>, "models" | "embeddings" | "modelfiles">): readonly string[] {
  const sources = [...models, ...embeddings].map((name) => {
    // What is quoted may begin a line with the same word.
    const instructions = modelfiles[name]?.replace(/"""[^]*?"""/g, "") ?? "";
    const [, from = name] = /^\s*FROM\s+(\S+)/im.exec(instructions) ?? [];
    return modelPattern.test(from) ? listedModel(from) : name;
  });
  return [...new Set(sources)].filter((name) => !(name in modelfiles));
}

/** Whether a model comes from one of some registries. */
export function isFrom(model: string, registries: readonly string[]): boolean {
  return registries.some((registry) => model.startsWith(`${registry}/`));
}
