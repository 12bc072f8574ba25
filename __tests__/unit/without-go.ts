import { OperationError } from "../../operations/errors/operation-error";

/** The program that proves contracts, on a machine that cannot compile it. */
export function withoutGo(): Promise<string> {
  return Promise.reject(new OperationError("there is no `go` on PATH"));
}
