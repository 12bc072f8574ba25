import { OperationError } from "../errors/operation-error";
import { getJson } from "./get";

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
  /** Bytes in memory, and those of them that are in a GPU's. */
  readonly size: number;
  readonly sizeVram: number;
}

/** @see https://github.com/ollama/ollama/blob/main/docs/api.md#list-local-models */
export async function listModels(address: string): Promise<ListedModel[]> {
  const { models } = (await getJson(`${address}/api/tags`)) as { models?: ListedModel[] | null };
  if (models === undefined)
    throw new OperationError(`${address}/api/tags answers, and is no Ollama: it lists no models`);
  return (models ?? []).map(({ name, size }) => ({ name, size }));
}

/** @see https://github.com/ollama/ollama/blob/main/docs/api.md#list-running-models */
export async function runningModels(address: string): Promise<RunningModel[]> {
  const { models } = (await getJson(`${address}/api/ps`)) as {
    models?: { name: string; size: number; size_vram?: number }[] | null;
  };
  return (models ?? []).map(({ name, size, size_vram: sizeVram = 0 }) => ({ name, size, sizeVram }));
}
