import type { RequestAnswer, RequestOptions } from "../../applications/question";
import { NoAnswerError } from "../errors/no-answer-error";
import { OperationError } from "../errors/operation-error";

/** A path below an address, whose query goes along: a gateway may know by it who asks. */
export function below(address: string, path: string): string {
  const [base = "", query] = address.split("#")[0]?.split("?") ?? [];
  const whole = `${base.replace(/\/+$/, "")}${path}`;
  return query ? `${whole}${path.includes("?") ? "&" : "?"}${query}` : whole;
}

/**
 * Asks an address.
 *
 * @throws NoAnswerError when nobody answers, or not in time
 */
export async function request(
  url: string,
  { body, form, method, redirect, headers, timeoutMs = 10_000 }: RequestOptions = {},
): Promise<RequestAnswer> {
  const sent = form ?? (body === undefined ? undefined : JSON.stringify(body));
  try {
    // One connection for each request: one that is kept would keep a port-forward open.
    const response = await fetch(url, {
      method: method ?? (sent === undefined ? "GET" : "POST"),
      body: sent,
      redirect,
      headers: {
        connection: "close",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    return {
      status: response.status,
      type: response.headers.get("content-type") ?? "",
      text: await response.text(),
      location: response.headers.get("location") ?? undefined,
      cookies: response.headers.getSetCookie(),
    };
  } catch (error) {
    const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
    throw new NoAnswerError(url, cause?.code ?? cause?.message ?? message);
  }
}

/**
 * Asks an address for text.
 *
 * @throws OperationError with what was answered instead of a success
 */
export async function requestText(url: string, options?: RequestOptions): Promise<string> {
  const { status, text } = await request(url, options);
  if (status < 200 || status > 299) throw new OperationError(`${url} answered ${status}${excerpt(text)}`);
  return text;
}

/**
 * Asks an address for JSON.
 *
 * @throws OperationError also when it is none
 */
export async function requestJson(url: string, options?: RequestOptions): Promise<unknown> {
  const text = await requestText(url, options);
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
