import * as fs from "node:fs";
import { z } from "zod";
import { OperationError } from "../errors/operation-error";
import { needed } from "./connection";

const event = z.object({
  pull_request: z.object({
    number: z.number().int(),
    head: z.object({
      sha: z.string().regex(/^[0-9a-f]{40}$/),
      // GitHub answers null for a fork that was deleted.
      repo: z.object({ full_name: z.string() }).nullable(),
    }),
  }),
});

/** The pull request that a workflow runs for. */
export type PullRequest = ReturnType<typeof pullRequestOf>;

/**
 * Reads what GitHub tells a workflow about its pull request.
 *
 * @param variables `GITHUB_EVENT_PATH` names the file, `GITHUB_REPOSITORY` the repository
 * @throws OperationError where the workflow does not run for a pull request
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request
 */
export function pullRequestOf(variables: NodeJS.ProcessEnv) {
  const file = needed(variables, "GITHUB_EVENT_PATH", "the file with the event");
  const { success, data } = event.safeParse(JSON.parse(fs.readFileSync(file, "utf8")));
  if (!success) throw new OperationError(`${file}: is no event of a pull request, expected one`);
  const { number, head } = data.pull_request;
  return {
    number,
    /** The newest commit of the branch when the workflow began. */
    head: head.sha,
    /** Whether its branch is in another repository: GitHub gives its workflow a token that may only read. */
    fromFork: head.repo?.full_name !== needed(variables, "GITHUB_REPOSITORY", "OWNER/NAME"),
  };
}
