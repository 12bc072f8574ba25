import { NoAnswerError } from "../errors/no-answer-error";
import type { OperationError } from "../errors/operation-error";

/** The way to a server that is asked. */
export interface Way {
  /** Such as `http://127.0.0.1:41234`. */
  readonly address: string;
  /** What the way itself said of the last request, such as a port-forward's refusal. Default: nothing */
  readonly fault?: () => string | undefined;
}

/** The same error with the reason that the way knows, in the place of a connection that merely broke. */
export function explained(error: OperationError, { address, fault }: Way): OperationError {
  const reason = fault?.();
  if (reason === undefined || !(error instanceof NoAnswerError)) return error;
  // The local port of a port-forward says nothing to anybody.
  return new NoAnswerError(error.asked.replace(address, ""), reason);
}
