import * as fs from "node:fs";
import * as path from "node:path";
import { endProcesses } from "../sandbox/processes";
import { removeSandbox } from "../sandbox/sandbox";
import { credentialsFile } from "../secrets/credentials-file";
import { interruptible } from "../terminal/interruption";
import { type RunningProcess, runningProcesses, signalProcess } from "../terminal/running-processes";
import { outputDirectory } from "../terraform/cdktf";
import { type DeployerProcess, deployerProcesses, deployersText } from "../terraform/deployer-processes";
import { sandboxDirectory, sandboxEnvironment } from "../sandbox/sandbox-environment";

/** How long a command may take to end whose Terraform was ended beneath it. */
const patienceMs = 10_000;

/**
 * Ends this clone's sandbox, and deletes its data and what Terraform knows of it. There need be none.
 *
 * What works on it is ended first, and not waited for: of what it would still do nothing is left anyway, and without its
 * cluster it would try for as long as a release may take.
 */
export async function down(
  root: string,
  variables: NodeJS.ProcessEnv,
  print: (line: string) => void,
): Promise<void> {
  const removed = await interruptible(print, async () => {
    const directory = sandboxDirectory(root);
    const ended = await endDeployers(root, variables);
    if (ended.length) print(`ended what worked on the sandbox: ${deployersText(ended)}`);
    const removed = await removeSandbox({ directory });
    // A state of a cluster that is gone would be taken for one of the next.
    for (const left of [
      path.join("state", sandboxEnvironment),
      outputDirectory(sandboxEnvironment, variables),
      credentialsFile(sandboxEnvironment),
    ]) {
      fs.rmSync(path.resolve(root, left), { recursive: true, force: true });
    }
    return removed;
  });
  print(
    removed.existed
      ? `removed the sandbox: ${removed.processes} processes, its cluster, models, state and credentials`
      : "no sandbox in this clone: nothing to remove",
  );
}

/**
 * Ends what deploys to the sandbox: the commands are told to stop, as by Ctrl-C, and what they wait for is ended at once.
 *
 * @returns what was ended, commands aside
 */
async function endDeployers(root: string, variables: NodeJS.ProcessEnv): Promise<RunningProcess[]> {
  const ended = new Map<number, RunningProcess>();
  const commands = new Set<number>();
  const end = (): Promise<number> =>
    endProcesses(async () => {
      const context = { root, environment: { name: sandboxEnvironment }, variables };
      const found = ((await deployerProcesses(context)) ?? []).filter((one) => isOfSandbox(root, one));
      const all = found.length ? await runningProcesses() : [];
      for (const one of found) {
        ended.set(one.pid, one);
        const command = all.find(({ pid, command }) => pid === one.parent && isCommand(command));
        if (!command || commands.has(command.pid)) continue;
        commands.add(command.pid);
        signalProcess(command.pid, "SIGINT");
      }
      return found;
    });
  await end();
  // They write a last word, and remove their files.
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline;) {
    const left = (await runningProcesses()).some(
      ({ pid, command }) => commands.has(pid) && isCommand(command),
    );
    if (!left) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
    await end();
  }
  return [...ended.values()];
}

function isCommand(command: string): boolean {
  return command.includes("operations/entry.mjs");
}

/** Terraform and its providers run beside a configuration that names the cluster's kubeconfig, which Helm is told. */
function isOfSandbox(root: string, { command, directory }: DeployerProcess): boolean {
  const kubeconfig = path.join(sandboxDirectory(root), "kubeconfig");
  if (command.includes(kubeconfig)) return true;
  const file = path.join(directory, "cdk.tf.json");
  const configuration = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  return [...configuration.matchAll(/"config_path":\s*"([^"]*)"/g)].some(
    ([, named = ""]) => path.resolve(directory, named) === kubeconfig,
  );
}
