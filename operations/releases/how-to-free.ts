import * as os from "node:os";
import type { Environment } from "../../settings/environment";
import { lockHolder } from "../cluster/deploy-lock";
import { recordsAt } from "../cluster/deploy-records";
import { connect } from "../cluster/kubeconfig";
import { deployerProcesses, deployersAdvice } from "../terraform/deployer-processes";

export interface HowToFreeContext {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Environment;
  readonly variables: NodeJS.ProcessEnv;
}

/**
 * What to do about something that somebody left half-way: wait, where they or what they started still work on it, since
 * `npm run unlock` frees it then alone when they no longer do.
 */
export async function howToFree({ root, environment, variables }: HowToFreeContext): Promise<string> {
  const unlock = `npm run unlock -- --environment ${environment.name}`;
  const [holder, processes] = await Promise.all([
    // Whether somebody has the lock may not be read by everybody.
    Promise.resolve()
      .then(() => lockHolder(recordsAt(connect(root, environment), environment)))
      .catch(() => undefined),
    deployerProcesses({ root, environment, variables }),
  ]);
  const isThis = holder?.host === os.hostname() && holder.identity.endsWith(`(process ${process.pid})`);
  if (holder && !isThis) {
    return `${holder.identity} is changing ${environment.name} (${holder.action}, since ${holder.since.toISOString()}): wait until it is done`;
  }
  return processes?.length
    ? `${deployersAdvice(processes)}, then free what is left with: ${unlock}`
    : `free it with: ${unlock}`;
}
