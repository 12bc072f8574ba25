import { OperationError } from "../errors/operation-error";
import { failed, passed, type Verification } from "./check";
import { getJson, getText } from "./get";
import { explained, type Endpoint } from "./endpoint";

/** Names of the questions, for those who must say that they could not ask them. */
export const librechatQuestions = ["librechat /health", "librechat /api/config"] as const;

/**
 * Asks LibreChat whether it is well, and for what its web page reads first.
 *
 * @param fix what to do when it does not answer
 */
export function librechatChecks(endpoint: Endpoint, fix: string): Promise<Verification[]> {
  const { address } = endpoint;
  const [health, config] = librechatQuestions;
  return Promise.all([
    ask(health, endpoint, fix, async () => {
      const answer = await getText(`${address}/health`);
      return `answers ${answer.trim().slice(0, 40) || "200"}`;
    }),
    ask(config, endpoint, fix, async () => {
      const { appTitle } = (await getJson(`${address}/api/config`)) as { appTitle?: unknown };
      if (typeof appTitle !== "string") {
        throw new OperationError(
          `${address}/api/config answered JSON without an appTitle: it is not LibreChat`,
        );
      }
      return `the page is called "${appTitle}"`;
    }),
  ]);
}

async function ask(
  name: string,
  endpoint: Endpoint,
  fix: string,
  question: () => Promise<string>,
): Promise<Verification> {
  try {
    return passed(name, await question());
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return failed(name, explained(error, endpoint).message, fix);
  }
}
