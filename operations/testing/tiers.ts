import * as fs from "node:fs";
import * as path from "node:path";
import { loadEnvironment } from "../../applications/load-environment";
import { engineCheck } from "../doctor/tools";
import { InterruptedError } from "../errors/interrupted-error";
import {
  defaultCacheDirectory,
  findPrograms,
  programsOf,
  providePrograms,
  type SandboxBinaries,
} from "../sandbox/programs";
import { loadChartLock } from "../../settings/chart-lock";
import { synthesize } from "../terraform/cdktf";
import { interruptible } from "../terminal/interruption";
import { withoutRepetition } from "../terminal/progress";
import { withTemporaryDirectory } from "../terminal/temporary-directory";
import { unreachableProviders } from "../terraform/sources";
import { bringNode, nodeFolder } from "./bring-node";
import { upgradedFrom } from "../../__tests__/fixtures/chart-packages.json";
import { tested, tooOld } from "../node-versions.json";
import { sandboxEnvironment } from "../sandbox/sandbox-environment";

/** The tiers of the tests, each needing more than the one before it. */
export const tiers = ["unit", "node", "cluster", "charts", "deploy"] as const;
export type Tier = (typeof tiers)[number];

/** The tiers that run other versions of Node than the one that runs the tests. */
export const nodeTiers: readonly Tier[] = ["node", "deploy"];

/** Which tiers can run here; for the others, why not. */
export interface Available {
  /** Why those that are named cannot. */
  readonly reasons: { readonly [tier in Tier]?: string };
  /** What the tests are handed: paths of programs and of the chart packages. */
  readonly variables: { readonly [name: string]: string };
  /** What the tiers of Node do without: a line each. */
  readonly missing: readonly string[];
}

/**
 * Finds out which tiers this machine can run.
 *
 * What is missing is brought only where somebody waits for it on purpose: a newcomer's first `npm test` neither downloads
 * nor compiles Kubernetes.
 *
 * @param wanted the tiers that are to be run
 * @param patient whether what they need may be downloaded or compiled, which takes minutes
 */
export async function availableTiers(
  root: string,
  variables: NodeJS.ProcessEnv,
  wanted: readonly Tier[],
  patient: boolean,
  print: (line: string) => void,
): Promise<Available> {
  const provide = patient && wanted.some((tier) => tier !== "unit" && tier !== "node");
  const bring = patient && wanted.some((tier) => nodeTiers.includes(tier));
  const { missing, none } = await missingNodeVersions(variables, bring, print);
  const available = (found: Available["variables"], reasons: Available["reasons"]): Available => ({
    variables: found,
    reasons: { ...reasons, ...(none && { node: missing.join("; ") }) },
    missing,
  });
  const sandbox = await sandboxPrograms(variables, provide, print);
  if (typeof sandbox === "string") {
    return available({}, { cluster: sandbox, charts: `no helm: ${sandbox}`, deploy: sandbox });
  }
  const programs = { HELM: sandbox.helm, KUBECTL: sandbox.kubectl };
  const directory = path.resolve(
    variables.CHARTS_DIR || path.join(path.dirname(defaultCacheDirectory(variables)), "charts"),
  );
  const lacks = missingCharts(root, directory);
  if (lacks) return available(programs, { charts: lacks, deploy: lacks });
  const found = { ...programs, CHARTS_DIR: directory };
  const deploy =
    (await engineFault(root, variables)) ?? (await providerFault(root, { ...variables, ...found }));
  return available(found, deploy ? { deploy } : {});
}

/**
 * Finds out with which versions of Node the tests can be run here.
 *
 * @param bring whether npm may bring those that are missing, some 200 MB each
 * @returns a line for what is missing, and why; `none` where that is all of them
 */
export async function missingNodeVersions(
  variables: NodeJS.ProcessEnv,
  bring: boolean,
  print: (line: string) => void,
): Promise<{ readonly missing: readonly string[]; readonly none: boolean }> {
  const versions = [...tested, ...tooOld];
  const reasons = new Map<string, string[]>();
  for (const version of versions.filter((one) => !nodeFolder(one, variables))) {
    if (bring) print(`installing node ${version} for the tests`);
    const reason = bring
      ? await bringNode(version, variables)
      : "not here yet: TIERS=all npm test brings what is missing, once";
    if (reason) reasons.set(reason, [...(reasons.get(reason) ?? []), version]);
  }
  const missing = [...reasons].map(([reason, of]) => `node ${of.join(", ")}: ${reason}`);
  return { missing, none: versions.every((version) => !nodeFolder(version, variables)) };
}

/** The programs, or why they are not here. */
async function sandboxPrograms(
  variables: NodeJS.ProcessEnv,
  provide: boolean,
  print: (line: string) => void,
): Promise<SandboxBinaries | string> {
  const props = programsOf(variables);
  const found = findPrograms(props);
  if (found) return found;
  if (!provide) {
    return "the sandbox's programs are not here yet: npm run up or TIERS=all npm test provides them, once";
  }
  const { status } = withoutRepetition({ line: print, status: print });
  try {
    return await interruptible(print, ({ signal }) =>
      providePrograms({ ...props, signal, onNote: print, onProgress: status }),
    );
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return (error as Error).message.split("\n").join("; ");
  }
}

function missingCharts(root: string, directory: string): string | undefined {
  const locked = Object.values(loadChartLock(root)).map(({ name, version }) => `${name}-${version}.tgz`);
  const missing = [...locked, ...upgradedFrom].filter((file) => !fs.existsSync(path.join(directory, file)));
  if (!missing.length) return undefined;
  return `${directory} lacks ${missing.join(" and ")}: put them there, or set CHARTS_DIR`;
}

async function engineFault(root: string, variables: NodeJS.ProcessEnv): Promise<string | undefined> {
  const environment = loadEnvironment(root, sandboxEnvironment, variables);
  const { name, result, found } = await engineCheck(environment, variables);
  return result === "ok" ? undefined : `${name}: ${found}`;
}

/** Whether Terraform gets the providers: it is asked, in a directory of its own. */
async function providerFault(root: string, variables: NodeJS.ProcessEnv): Promise<string | undefined> {
  return withTemporaryDirectory(async (output) => {
    const environment = loadEnvironment(root, sandboxEnvironment, variables);
    const context = { root, environment, variables, output };
    try {
      await synthesize(context);
    } catch (error) {
      return (error as Error).message;
    }
    const [fault] = await unreachableProviders(context, "llm-apps");
    return fault && `${fault.source} did not answer: ${fault.reason}`;
  });
}
