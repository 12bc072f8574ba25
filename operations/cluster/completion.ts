import { NoAnswerError } from "../errors/no-answer-error";
import { OperationError } from "../errors/operation-error";

/** What a model answered. */
export interface Completion {
  readonly model: string;
  readonly text: string;
  readonly tokens: number;
  readonly tokensPerSecond: number;
}

/**
 * Asks an Ollama server for a completion.
 *
 * @param address such as `http://127.0.0.1:11434`
 * @param timeoutMs long, since the first request loads the model. @default 120000
 * @throws OperationError when it does not answer, or answers something else
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-completion
 */
export async function complete(
  address: string,
  { model, prompt, maxTokens }: { model: string; prompt: string; maxTokens: number },
  timeoutMs = 120_000,
): Promise<Completion> {
  const url = `${address}/api/generate`;
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      body: JSON.stringify({ model, prompt, stream: false, options: { num_predict: maxTokens } }),
      headers: { "content-type": "application/json" },
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause?.code;
    throw new NoAnswerError(`ollama: ${url}`, cause ?? (error as Error).message);
  }
  const body = (await response.json().catch(() => ({}))) as {
    error?: string;
    response?: string;
    eval_count?: number;
    eval_duration?: number;
  };
  if (!response.ok || body.response === undefined || !body.eval_count) {
    throw new OperationError(
      `ollama: ${url} answered ${response.status} for the model ${model}: ${body.error ?? "no completion"}`,
    );
  }
  return {
    model,
    text: body.response,
    tokens: body.eval_count,
    tokensPerSecond: body.eval_count / ((body.eval_duration ?? 1) / 1e9),
  };
}
