import type { KubeConfig } from "@kubernetes/client-node";
import type { StackPlan } from "../diff/plan-stacks";
import { type PlannedResource, plannedResources } from "../diff/resource-changes";
import { fieldAt } from "../cluster/kubernetes-object";
import { kubectlCommand } from "../cluster/kubectl-command";
import { InterruptedError } from "../errors/interrupted-error";
import { Masker } from "../secrets/masking";
import type { Environment } from "../../settings/environment";
import type { ApplyEvent } from "../terraform/apply-events";
import { runApply } from "../terraform/apply-run";
import type { CdktfContext } from "../terraform/cdktf";
import type { Interruption } from "../terminal/interruption";
import { applyFailure } from "./apply-failure";
import { watchDeletions } from "./deletions";
import type { Progress } from "../terminal/progress";
import type { IncurableFinding } from "../cluster/incurable";
import { reasonLine } from "../cluster/not-ready-reason";
import { type RunningWatch, type WatchedRelease, watchRelease } from "../cluster/release-watch";
import { markUnfinished, stopWaiting } from "./stop-waiting";

/** A plan that is kept in a file, to be applied as it is. */
export interface KeptPlan extends StackPlan {
  readonly file: string;
}

export interface ApplyPlanProps {
  /** With the credentials: Terraform keeps them in no plan, and asks for them again. */
  readonly context: CdktfContext;
  readonly environment: Environment;
  readonly connection: KubeConfig;
  readonly interruption: Interruption;
  readonly progress: Progress;
  /** Hides secrets in what Terraform and containers say. */
  readonly mask: (text: string) => string;
}

/**
 * Applies one plan: exactly what was planned, or nothing where the state has changed since. Releases that do not need each
 * other come side by side, and one that fails keeps those alone from coming that need it.
 *
 * @param next names of the stacks that come after it
 * @throws OperationError saying why, and InterruptedError when it was stopped before all was done
 */
export async function applyPlan(
  props: ApplyPlanProps,
  plan: KeptPlan,
  next: readonly string[],
): Promise<void> {
  const { context, interruption, progress } = props;
  const started = new Map<string, number>();
  const releases = releasesOfPlan(plan);
  const watches = new Map<string, RunningWatch>();
  const failed = new Set<string>();
  const done = new Set<string>();
  const end = new AbortController();
  const giveUp = new AbortController();
  const incurable = new Map<string, readonly IncurableFinding[]>();
  const waitedFor = () => [...watches.keys()].flatMap((address) => releases.get(address) ?? []);
  const onIncurable = (address: string, findings: readonly IncurableFinding[]): void => {
    if (!props.environment.deploy.failFast || giveUp.signal.aborted) return;
    if (findings.length === 0) return void incurable.delete(address);
    if (!incurable.has(address)) {
      const reasons = findings.map(reasonLine).join("; ");
      progress.line(props.mask(`${releases.get(address)?.name}: waiting does not make it ready: ${reasons}`));
    }
    incurable.set(address, findings);
    // Helm's provider waits for all releases in one process: those that may still become ready keep it.
    if ([...watches.keys()].every((one) => failed.has(one) || incurable.has(one))) giveUp.abort();
  };
  const onEvent = (event: ApplyEvent): void => {
    if (event.kind === "problem") return;
    if (event.kind === "summary") return progress.line(`${plan.stack}: ${event.text}`);
    const release = releases.get(event.address);
    if (event.kind === "start") started.set(event.address, Date.now());
    if (event.kind === "done" && release) {
      const how = event.destroys ? "taken away" : "ready";
      progress.line(`${release.name}: ${how} after ${seconds(started.get(event.address))}`);
      for (const line of event.destroys ? [] : (watches.get(event.address)?.restarts() ?? [])) {
        progress.line(
          `${release.name}: ${line}: see whether that goes on: ${kubectlCommand(props.environment)} -n ${release.namespace} get pods`,
        );
      }
    } else if (event.kind !== "progress") progress.status(event.text);
    if (event.kind === "start" && release) {
      // What leaves need not become ready, and whether it could is nobody's question any more.
      const watch = event.destroys
        ? { leaves: true, onIncurable: () => undefined }
        : { onIncurable: (findings: readonly IncurableFinding[]) => onIncurable(event.address, findings) };
      watches.set(
        event.address,
        watchRelease(props.connection, release, {
          ...{ ...watch, watched: () => watches.size },
          onRollout: shown(props, release),
        }),
      );
    }
    if (event.kind === "done" || event.kind === "failed") {
      (event.kind === "done" ? done : failed).add(event.address);
      watches.get(event.address)?.end();
      // What was stopped is asked for once Terraform has ended.
      if (event.kind === "done") watches.delete(event.address);
    }
  };
  const endDeletions = watchDeletions(props.connection, namespacesLosing(plan), (line) =>
    progress.line(props.mask(line)),
  );
  const run = await runApply({
    context,
    stack: plan.stack,
    args: [plan.file],
    output: `${plan.file}.output`,
    interruption,
    onEvent,
    onStart: (terraform) => {
      const when = { interrupted: interruption.signal, givenUp: giveUp.signal, ended: end.signal };
      void stopWaiting(props.connection, terraform, waitedFor, when);
    },
  }).finally(() => {
    end.abort();
    endDeletions();
    for (const watch of watches.values()) watch.end();
  });
  const left = run.exitCode === 0 ? next : [plan.stack, ...next];
  // Terraform has ended, and with it whoever waited for these: nobody else will say how they ended.
  const why = (name: string) =>
    [...incurable]
      .find(([address]) => releases.get(address)?.name === name)?.[1]
      .map(reasonLine)
      .join("; ");
  const stopped =
    run.exitCode === 0
      ? []
      : await markUnfinished(props.connection, waitedFor(), (name) => {
          const reason = why(name);
          return reason && props.mask(`Given up, since waiting does not make it ready: ${reason}`);
        });
  if (interruption.signal.aborted && left.length) throw interrupted(props.environment, left, stopped);
  if (run.exitCode !== 0) {
    const named = (addresses: Iterable<string>) =>
      [...addresses].flatMap((address) => releases.get(address)?.name ?? []);
    const unreached = named([...releases.keys()].filter((one) => !done.has(one) && !failed.has(one)));
    const notReached = { releases: unreached, stacks: next, failed: named(failed) };
    const givenUp = new Set(giveUp.signal.aborted ? incurable.keys() : []);
    throw await applyFailure({ ...props, stack: plan.stack, releases, stopped, givenUp, notReached, ...run });
  }
}

function interrupted(
  { name }: Environment,
  left: readonly string[],
  stopped: readonly string[],
): InterruptedError {
  return new InterruptedError(
    [
      `interrupted: ${left.join(" and ")} ${left.length > 1 ? "were" : "was"} not applied to the end`,
      ...stopped.map((release) => `release ${release} is marked failed: its pods were not waited for`),
      `npm run deploy -- --environment ${name} goes on where this ended`,
    ].join("\n"),
  );
}

/** Shows what is going on in a release. */
function shown({ progress, mask }: ApplyPlanProps, release: WatchedRelease) {
  return (lines: readonly string[]): void => {
    for (const line of lines) progress.status(mask(`${release.name}: ${line}`));
  };
}

/** What a plan changes, outputs aside. */
export function changesIn({ stack, json }: Pick<StackPlan, "stack" | "json">): PlannedResource[] {
  return plannedResources(stack, json, new Masker()).filter(
    ({ action, type }) => action !== "none" && type !== "output",
  );
}

/** Namespaces that lose something of the foundation, or go themselves: whatever holds that up says so nowhere else. */
function namespacesLosing(plan: StackPlan): string[] {
  const lost = changesIn(plan).filter(
    ({ type, action }) => type.startsWith("kubernetes_") && ["destroy", "replace"].includes(action),
  );
  const names = lost.flatMap(({ before }) => {
    const metadata = fieldAt(before, "metadata", 0);
    return fieldAt(metadata, "namespace") ?? fieldAt(metadata, "name") ?? [];
  });
  return [...new Set(names.map(String))];
}

/** The releases that a plan changes, by Terraform's address. */
function releasesOfPlan(plan: StackPlan): ReadonlyMap<string, WatchedRelease> {
  return new Map(
    changesIn(plan)
      .filter(({ type }) => type === "helm_release")
      .map(({ address, action, before, after }) => {
        const release = action === "destroy" ? before : after;
        return [address, { name: String(release?.name), namespace: String(release?.namespace) }];
      }),
  );
}

function seconds(started = Date.now()): string {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}
