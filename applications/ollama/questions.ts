import type { ApplicationRelease } from "../application";
import { type Answer, failed, notChecked, passed, type Question } from "../question";
import { complete, listModels, type ListedModel, type RunningModel, runningModels } from "./api";
import type { OllamaSettings } from "./settings";

/** Which models it lists, a completion from the smallest, and, where the environment asks for GPUs, where that model is in memory. */
export function ollamaQuestions({ name, own }: ApplicationRelease<OllamaSettings>): readonly Question[] {
  const { models, embeddings, gpu } = own;
  const listed: Question = {
    name: "models",
    ask: async (server) => modelsAnswer([...models, ...embeddings], await listModels(server), server.exec),
  };
  const completion: Question = {
    name: "completion",
    ask: async (server) => {
      const model = smallestModel(models, await listModels(server));
      if (model === undefined) return noneListed;
      const written = await complete(server, { model, prompt: "Why is the sky blue?", maxTokens: 16 });
      if (!written) return failed(`/api/generate: ${model} wrote nothing`, server.logs);
      const { tokens, tokensPerSecond } = written;
      const speed = tokensPerSecond.toFixed(1);
      return {
        ...passed(`${model}, the smallest, wrote ${tokens} tokens, ${speed} a second`),
        tokensPerSecond,
      };
    },
  };
  const inMemory: Question = {
    name: "gpu",
    ask: async (server) => {
      const model = smallestModel(models, await listModels(server));
      if (model === undefined) return noneListed;
      return gpuAnswer({
        count: gpu.count,
        model,
        running: await runningModels(server),
        simulated: server.simulated,
        logs: server.logs,
        runtimeClass: `applications.${name}.gpu.runtimeClass`,
      });
    },
  };
  return [listed, completion, ...(gpu.count > 0 ? [inMemory] : [])];
}

const noneListed = notChecked("none of the environment's models is there");

/**
 * Whether a server has every model that an environment asks for.
 *
 * @param asked with their tags
 * @param listed undefined: it is no Ollama
 * @param exec how a command for people in its pod begins
 */
export function modelsAnswer(
  asked: readonly string[],
  listed: readonly ListedModel[] | undefined,
  exec: string,
): Answer {
  if (!listed) return failed("/api/tags answers, and is no Ollama: it lists no models");
  const missing = asked.filter((model) => !listed.some(({ name }) => name === model));
  const has = listed.map(({ name }) => name).join(", ") || "none";
  if (!missing.length) return passed(`/api/tags lists ${asked.join(", ")}`);
  return failed(
    `/api/tags lacks ${missing.join(", ")} (it lists ${has})`,
    `${exec} ollama pull ${missing[0]}`,
  );
}

/** The smallest of the models that an environment asks for and a server has: the first completion loads it. */
export function smallestModel(
  asked: readonly string[],
  listed: readonly ListedModel[] = [],
): string | undefined {
  const [smallest] = listed.filter(({ name }) => asked.includes(name)).sort((a, b) => a.size - b.size);
  return smallest?.name;
}

export interface GpuAnswerProps {
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
export function gpuAnswer({ count, model, running, simulated, logs, runtimeClass }: GpuAnswerProps): Answer {
  const loaded = running.find(({ name }) => name === model);
  if (loaded && loaded.sizeVram > 0) {
    const share = Math.round((100 * loaded.sizeVram) / loaded.size);
    const rest = share < 100 ? `: the rest is on the CPU, which is slow; the GPU's memory is too small` : "";
    return passed(`/api/ps: ${share} % of ${model} in the GPU's memory${rest}`);
  }
  if (simulated) {
    return notChecked("the node is simulated: its GPU is a number, and the server beside it has none");
  }
  if (!loaded) return notChecked(`/api/ps: ${model} is not in memory`);
  return failed(
    `/api/ps: none of ${model} is in a GPU's memory, ${count} GPU${count === 1 ? " is" : "s are"} asked for`,
    `${logs} | grep -i gpu\nor name the RuntimeClass of GPUs: ${runtimeClass} in the environment`,
  );
}
