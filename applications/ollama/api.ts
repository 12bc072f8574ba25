import { isMap } from "../../settings/yaml-file";
import type { DeployedRelease } from "../question";

/** A model that an Ollama server has. */
export interface ListedModel {
  /** With its tag, such as `llama2:latest`. */
  readonly name: string;
  /** Bytes on disk. */
  readonly size: number;
}

/** A model that an Ollama server has in memory. */
export interface RunningModel {
  readonly name: string;
  /** Bytes in memory. */
  readonly size: number;
  /** Those of them that are in a GPU's. */
  readonly sizeVram: number;
}

/** What a model wrote. */
export interface Completion {
  readonly tokens: number;
  readonly tokensPerSecond: number;
}

/**
 * The models that it has.
 *
 * @returns undefined where it answers something else: it is no Ollama
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md#list-local-models
 */
export async function listModels(server: DeployedRelease): Promise<readonly ListedModel[] | undefined> {
  return (await modelsAt(server, "/api/tags"))?.map(({ name, size }) => ({ name, size }));
}

/** @see https://github.com/ollama/ollama/blob/main/docs/api.md#list-running-models */
export async function runningModels(server: DeployedRelease): Promise<readonly RunningModel[]> {
  const models = (await modelsAt(server, "/api/ps")) ?? [];
  return models.map(({ name, size, size_vram: sizeVram = 0 }) => ({ name, size, sizeVram }));
}

/**
 * Has a model write something.
 *
 * @returns undefined where it wrote nothing
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-completion
 */
export async function complete(
  server: DeployedRelease,
  { model, prompt, maxTokens }: { model: string; prompt: string; maxTokens: number },
): Promise<Completion | undefined> {
  const answer = await server.json("/api/generate", {
    body: { model, prompt, stream: false, options: { num_predict: maxTokens } },
    // The first request loads the model.
    timeoutMs: 120_000,
  });
  const {
    eval_count: tokens,
    eval_duration: nanoseconds,
    response,
  } = (isMap(answer) ? answer : {}) as {
    response?: string;
    eval_count?: number;
    eval_duration?: number;
  };
  if (response === undefined || !tokens) return undefined;
  return { tokens, tokensPerSecond: tokens / ((nanoseconds || 1) / 1e9) };
}

interface ApiModel {
  readonly name: string;
  readonly size: number;
  readonly size_vram?: number;
}

/** A server without models says null. */
async function modelsAt(server: DeployedRelease, path: string): Promise<readonly ApiModel[] | undefined> {
  const answer = await server.json(path);
  if (!isMap(answer) || answer.models === undefined) return undefined;
  return (answer.models ?? []) as readonly ApiModel[];
}
