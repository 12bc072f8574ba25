import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";

/** The API server refused a request. */
export class ApiError extends Error {
  /**
   * @param code HTTP status
   * @param body what it said of it
   */
  constructor(
    public readonly code: number,
    request: string,
    public readonly body: string,
  ) {
    super(`${request}: ${code}`);
  }
}

/** The HTTP status with which the API server refused a request, or undefined where something else went wrong. */
export function statusCode(error: unknown): number | undefined {
  return error instanceof ApiError ? error.code : undefined;
}

/** What the API server said of a request that it refused. */
export function apiMessage(error: unknown): string {
  if (!(error instanceof ApiError)) {
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as { code?: string }).code;
    return cause ?? (error as Error).message;
  }
  try {
    return (JSON.parse(error.body) as { message: string }).message;
  } catch {
    return `the API server answered ${error.code}`;
  }
}

/**
 * A fault of the Kubernetes API as an error for people: what was tried, in which context, and what was answered. What is
 * one for people already stays as it is.
 */
export function clusterError(what: string, error: unknown, { cluster, name }: Environment): OperationError {
  if (error instanceof OperationError) return error;
  const answered = statusCode(error);
  const next =
    answered === undefined
      ? `start the cluster (${name === "sandbox" ? "npm run up" : "minikube start, for minikube"}) and run this again`
      : answered === 401
        ? `the user of the context is not known there: log in to the cluster again`
        : answered === 403
          ? `ask for that right, or use another context in environments/${name}.yaml`
          : "npm run doctor says more of the cluster";
  const found = `${what}: the API server of the context ${cluster.context} ${answered === undefined ? "does not answer" : "refused"}: ${apiMessage(error)}`;
  return new OperationError(`${found}; ${next}`, { found, next });
}
