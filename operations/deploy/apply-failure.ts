import type { KubeConfig } from "@kubernetes/client-node";
import { notReadyReasons } from "../cluster/not-ready";
import { reasonLine, reasonLines } from "../cluster/not-ready-reason";
import { oneLine } from "../cluster/one-line";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { howToFree } from "../releases/how-to-free";
import { readReleases } from "../helm/read-releases";
import { releasesOf } from "../../applications/releases";
import { OperationError } from "../errors/operation-error";
import { engineOf } from "../../settings/engine";
import type { Environment } from "../../settings/environment";
import { adviceFor } from "../terraform/advice";
import type { CdktfContext } from "../terraform/cdktf";
import type { Problem } from "../terraform/apply-events";
import { type NotReached, notReachedLines } from "./not-reached";
import type { WatchedRelease } from "../cluster/release-watch";

export interface FailedApply {
  readonly context: CdktfContext;
  readonly environment: Environment;
  readonly stack: string;
  readonly errors: readonly Problem[];
  /** By Terraform's address. */
  readonly releases: ReadonlyMap<string, WatchedRelease>;
  readonly connection: KubeConfig;
  readonly mask: (text: string) => string;
  /** Names of the releases that were pending when Terraform ended, and are marked failed now. */
  readonly stopped: readonly string[];
  /** The releases that were given up, since waiting did not make them ready, by Terraform's address. */
  readonly givenUp: ReadonlySet<string>;
  readonly notReached: NotReached;
}

const tryAgain = [
  "the next deploy tries again; Helm leaves what a failed one added until npm run rollback takes it back",
];
const timedOut = /context deadline exceeded|timed out waiting|client rate limiter Wait returned an error/;

const given: Problem = { severity: "error", summary: "given up", detail: "" };

/** Why an apply failed: of a release that did not become ready, what of it is not, and why. */
export async function applyFailure(failed: FailedApply): Promise<OperationError> {
  const { environment, stack, errors, mask } = failed;
  // Of the provider that was told to end Terraform says only that it did not answer.
  const own = [...failed.givenUp].map((address): Problem => ({ ...given, address }));
  const others = errors.filter(
    ({ address, summary }) =>
      !own.length ||
      (!own.some((one) => one.address === address) && !/^Plugin did not respond/.test(summary)),
  );
  const problems = await Promise.all([...own, ...others].map((error) => errorLines(failed, error)));
  const whys = problems.flatMap(({ why }) => why ?? []);
  const explained = whys.length > 0;
  const output = errors.map(({ summary, detail }) => `${summary}\n${detail}`).join("\n");
  const free = await howToFree({ ...failed.context, environment });
  const engine = engineOf(environment.engine, failed.context.variables);
  const lines = [
    `deploy of ${environment.name} to the context ${environment.cluster.context} failed in ${stack}`,
    ...(problems.length
      ? problems.flatMap(({ lines }) => lines)
      : [`${engine.program} ended without saying why`]),
    ...notReachedLines(releasesOf(environment), failed.notReached),
    ...failed.stopped.map((name) => `release ${name} is marked failed: its pods were not waited for`),
    ...(explained || failed.stopped.length ? tryAgain : []),
    ...(explained ? [] : [adviceFor(output, environment, free) ?? ""]),
    ...(await waysOut(failed, free)),
    // What stands at the end of a log is what is read first, and what is recorded.
    ...whys.map((why) => `why: ${why}`),
  ];
  const found = mask(whys.join("; ") || oneLine(output));
  return new OperationError(mask(lines.filter(Boolean).join("\n")), { ...(found && { found }) });
}

async function errorLines(
  { releases, connection, givenUp, mask }: FailedApply,
  { address = "", summary, detail }: Problem,
): Promise<{ readonly lines: string[]; readonly why?: string }> {
  const text = [summary, ...detail.split("\n")]
    .map((line) => line.trim())
    .filter((line, i, all) => line !== "" && all.indexOf(line) === i);
  const release = releases.get(address);
  if (!release) return { lines: indented([`${address ? `${address}: ` : ""}${text.join("\n  ")}`]) };
  const reasons = await notReadyReasons(connection, release.namespace, mask).catch(() => []);
  const late = timedOut.test(text.join(" "));
  const [first] = reasons;
  return {
    lines: indented([
      givenUp.has(address)
        ? `release ${release.name} was given up, since waiting does not make it ready (deploy.failFast):`
        : late
          ? `release ${release.name} did not become ready in time:`
          : `release ${release.name}: ${text.join("\n  ")}`,
      ...indented(reasons.flatMap(reasonLines)),
      ...(late && reasons.length === 0
        ? ["  nothing of it says why; everything that is there now is ready: a longer time may do"]
        : []),
    ]),
    ...(first && { why: `${release.name}: ${reasonLine(first)}` }),
  };
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

async function waysOut({ connection, releases }: FailedApply, free: string): Promise<string[]> {
  try {
    const namespaces = [...new Set([...releases.values()].map(({ namespace }) => namespace))];
    const found = await readReleases(new KubernetesApi(connection), namespaces);
    return found
      .filter(([newest]) => newest.pending)
      .map(([{ name, status }]) => `release ${name} is ${status}: ${free}`);
  } catch {
    // The cluster does not answer: the advice says so, and there is nothing to add.
    return [];
  }
}
