import * as path from "node:path";
import { type RunningProcess, runningProcesses, workingDirectories } from "../terminal/running-processes";
import { enginePrograms } from "../../settings/engine";
import { outputDirectory, type SynthContext } from "./cdktf";

/** A Terraform, a provider of one, or a Helm. */
export interface DeployerProcess extends RunningProcess {
  /** Where it runs, absolute. */
  readonly directory: string;
}

/**
 * What a deploy starts, and what goes on by itself when the deploy is killed, as far as it may work on an environment: each
 * Terraform, provider and Helm in this repository on this machine that this process did not start, but for those in another
 * environment's folder.
 *
 * @returns undefined where it cannot be known
 */
export async function deployerProcesses({
  root,
  environment,
  variables,
}: SynthContext): Promise<DeployerProcess[] | undefined> {
  const all = await runningProcesses();
  const names = [
    ...enginePrograms,
    "helm",
    ...[variables.TERRAFORM_BINARY_NAME, variables.HELM].filter(isSet),
  ];
  const programs = names.map((name) => path.basename(name));
  const found = all
    .filter(({ program }) => programs.includes(program) || program.startsWith("terraform-provider-"))
    .filter((one) => !isBelow(one, process.pid, all));
  const directories = await workingDirectories(found.map(({ pid }) => pid));
  if (!directories) return undefined;
  const isInside = (directory: string, folder: string): boolean =>
    directory === folder || directory.startsWith(folder + path.sep);
  const own = path.resolve(root, outputDirectory(environment.name, variables));
  const isAnothers = (directory: string): boolean => {
    const [name, stacks] = path.relative(path.dirname(own), directory).split(path.sep);
    return name !== environment.name && name !== ".." && stacks === "stacks";
  };
  return (
    found
      .map((one) => ({ ...one, directory: directories.get(one.pid) ?? "" }))
      .filter(({ directory }) => isInside(directory, root) || isInside(directory, own))
      .filter(({ directory }) => !isAnothers(directory))
      // Numbers of processes begin anew: whoever was started by another is named after it.
      .sort(
        (a, b) =>
          Number(a.since) - Number(b.since) ||
          Number(isBelow(a, b.pid, all)) - Number(isBelow(b, a.pid, all)),
      )
  );
}

function isSet(name: string | undefined): name is string {
  return Boolean(name);
}

function isBelow({ parent }: RunningProcess, ancestor: number, all: readonly RunningProcess[]): boolean {
  if (parent === ancestor) return true;
  const next = all.find(({ pid }) => pid === parent);
  return next !== undefined && isBelow(next, ancestor, all);
}

/** Such as `terraform apply (process 4711, since 2026-01-01T12:00:00Z)`. */
export function deployersText(processes: readonly RunningProcess[]): string {
  return processes
    .map(({ program, command, pid, since }) => {
      const [subcommand = ""] = (command.split(`${program} `)[1] ?? "").split(" ");
      const name = /^[a-z]/.test(subcommand) ? `${program} ${subcommand}` : program;
      return `${name} (process ${pid}, since ${since.toISOString().replace(/\.\d+/, "")})`;
    })
    .join(" and ");
}

/** What becomes of such processes, and what to do about them: waiting is safe, and may take as long as a release may. */
export function deployersAdvice(processes: readonly RunningProcess[]): string {
  const [run, it, has] = processes.length > 1 ? ["run", "them", "they have"] : ["runs", "it", "it has"];
  return (
    `${deployersText(processes)} ${run} here, in this repository: a deploy that was killed leaves ${it} to end what it began; ` +
    `wait until ${has}, or end ${it} with kill ${processes.map(({ pid }) => pid).join(" ")}`
  );
}
