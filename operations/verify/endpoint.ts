import { NoAnswerError } from "../errors/no-answer-error";
import type { OperationError } from "../errors/operation-error";

/** A server that is asked, and what leads to it. */
export interface Endpoint {
  /** Such as `http://127.0.0.1:41234`. */
  readonly address: string;
  /** Why the last request did not reach it, such as a port-forward's refusal. @default - not known */
  readonly fault?: () => string | undefined;
}

/** The same error with the reason that the endpoint knows, in the place of a connection that merely broke. */
export function explained(error: OperationError, { address, fault }: Endpoint): OperationError {
  const reason = fault?.();
  if (reason === undefined || !(error instanceof NoAnswerError)) return error;
  // The local port of a port-forward says nothing to anybody.
  return new NoAnswerError(error.asked.replace(address, ""), reason);
}
