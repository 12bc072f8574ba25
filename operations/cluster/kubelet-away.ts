import { OperationError } from "../errors/operation-error";
import { oneLine } from "./one-line";

/** How the API server begins when it does not reach a kubelet; what the kubelet itself says begins otherwise. */
const notReached = /error dialing backend|error sending request|\b(Get|Post) "https?:\/\/[^"]+": /;

/** What was asked is in the address: a whole script, where a program is run. */
const request = /\b(Get|Post|Head) "?https?:\/\/[^\s"]+"?: /g;

/**
 * What the API server says of a request that a kubelet was to answer, as an error that names its node; undefined where the
 * kubelet answered, with a fault of its own.
 *
 * @param kubectl how a command for people begins that asks the cluster
 */
export function kubeletAway(said: string, node: string, kubectl: string): OperationError | undefined {
  if (!notReached.test(said)) return undefined;
  const why = withoutRequests(said).replace(/^.*(error dialing backend|error sending request): /, "");
  const found = `the kubelet of the node ${node} does not answer: ${why}`;
  const next = `${kubectl} describe node ${node}\nstart it again, or see what is between the API server and port 10250 of the node`;
  return new OperationError(`${found}: ${next}`, { found, next });
}

/** The same in one line, without the addresses that were asked. */
export function withoutRequests(said: string): string {
  return oneLine(said.replace(request, ""));
}
