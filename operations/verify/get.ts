import { NoAnswerError } from "../errors/no-answer-error";
import { OperationError } from "../errors/operation-error";

/**
 * Asks an address for text.
 *
 * @param timeoutMs @default 10000
 * @throws OperationError with what was answered instead of a success
 */
export async function getText(url: string, timeoutMs = 10_000): Promise<string> {
  try {
    // One connection for each request: one that is kept would keep a port-forward open.
    const response = await fetch(url, {
      headers: { connection: "close" },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (!response.ok) throw new OperationError(`${url} answered ${response.status}${excerpt(text)}`);
    return text;
  } catch (error) {
    if (error instanceof OperationError) throw error;
    const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
    throw new NoAnswerError(url, cause?.code ?? cause?.message ?? message);
  }
}

/**
 * Asks an address for JSON.
 *
 * @throws OperationError also when it is none
 */
export async function getJson(url: string, timeoutMs?: number): Promise<unknown> {
  const text = await getText(url, timeoutMs);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new OperationError(`${url} answered something else than JSON${excerpt(text)}`);
  }
}

/** The beginning of an answer, where it is short enough to help. */
function excerpt(text: string): string {
  const line = text.trim().split("\n")[0] ?? "";
  return line ? `: ${line.slice(0, 80)}` : "";
}
