import { OperationError } from "./operation-error";

/** A server was asked and did not answer. */
export class NoAnswerError extends OperationError {
  /**
   * @param asked the address that was asked, or what else it is known by
   * @param reason such as ECONNREFUSED
   */
  public constructor(
    public readonly asked: string,
    reason: string,
  ) {
    super(`${asked} did not answer: ${reason}`);
  }
}
