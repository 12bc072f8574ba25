import { setImmediate } from "node:timers/promises";
import type { KeptPlan } from "./apply-plan";
import { applyPlans } from "./apply-plans";
import { changesTable } from "./changes-table";
import { clusterReport } from "../diff/cluster-report";
import { Masker } from "../secrets/masking";
import { type DiffReport, liveOutlook } from "../diff/report";
import { refuseUnreviewed } from "../diff/review";
import { checksBeforeDeploy } from "../doctor/before-deploy";
import { refuseUnfit } from "../doctor/check";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import type { Settings } from "../../settings/settings";
import type { CdktfContext } from "../terraform/cdktf";
import { type PlanToKeep, withKeptPlans } from "./apply";
import { deployCredentials } from "../secrets/deploy-credentials";
import type { LiveOutput } from "../terminal/live-output";
import { locked, type LockedEnvironment } from "./recorded";

export interface DeployContext {
  readonly settings: Settings;
  /** The process's environment. */
  readonly variables: NodeJS.ProcessEnv;
  readonly output: LiveOutput;
  /** Throws when the answer is no. @default - nobody is asked */
  readonly ask?: (question: string) => Promise<void>;
  /** How long to wait for somebody else who changes the environment. @default 0 */
  readonly waitMs?: number;
  /** A file of `npm run diff -- --review`: anything else is refused. @default - what is planned is deployed */
  readonly reviewed?: string;
}

/**
 * Deploys both stacks: looks whether the cluster is fit for it, plans, asks, applies exactly what was planned, and records
 * it in the cluster.
 *
 * @throws OperationError when it failed or was refused, InterruptedError when it was stopped
 */
export async function deploy(context: DeployContext): Promise<void> {
  const { settings, variables, output, waitMs } = context;
  const { root, environment } = settings;
  const credentials = await deployCredentials({ root, environment, variables });
  for (const note of credentials.notes) output.line(note);
  const cdktf: CdktfContext = { root, environment, variables, credentials };
  const say = output.line;
  try {
    await locked({ root, environment, action: "deploy", waitMs, say }, (environment) =>
      withKeptPlans(cdktf, (plan) => planned(context, cdktf, environment, plan)),
    );
  } finally {
    output.rest();
  }
}

async function planned(
  { settings, variables, output, ask, reviewed }: DeployContext,
  cdktf: CdktfContext,
  { connection, interruption, record, withoutLock }: LockedEnvironment,
  plan: PlanToKeep,
): Promise<void> {
  const { root, environment } = settings;
  const masker = new Masker();
  let plans: readonly KeptPlan[] = [];
  output.status("planning");
  const [planning, checks] = await interruption.orInterrupted(
    Promise.allSettled([
      // Terraform takes longest, and begins first.
      clusterReport({
        root,
        environment,
        variables,
        credentials: cdktf.credentials,
        masker,
        plan: async (...planning) => (plans = await plan(...planning)),
      }),
      setImmediate().then(() => checksBeforeDeploy(settings)),
    ]),
  );
  if (planning.status === "rejected") {
    // A check says it better than a plan that fails of the same fault.
    if (checks.status === "fulfilled") refuseUnfit(checks.value, settings);
    throw masked(planning.reason, masker);
  }
  if (checks.status === "rejected") throw checks.reason;
  const report = planning.value;
  output.rest();
  output.line(changesTable(report));
  if (reviewed !== undefined) refuseUnreviewed(report, reviewed);
  if (!plans.some(({ changes }) => changes)) {
    const differing = report.releases.filter(({ objects, live }) => objects.length + live.length > 0);
    for (const release of differing) {
      output.line(
        `release ${release.name} was changed by other means: ${liveOutlook(release)}; see npm run diff`,
      );
    }
    await record(async () => ({ result: "no changes" }));
    return output.line(
      differing.length === 0
        ? "no changes: the cluster is as this configuration says"
        : "no changes: none is planned",
    );
  }
  const stuck = report.warnings.filter(({ kind }) => kind === "stuck");
  if (stuck.length) {
    throw new OperationError(
      ["nothing was deployed: a release is stuck", ...stuck.map(({ text }) => `  ${text}`)].join("\n"),
    );
  }
  refuseUnfit(checks.value, settings);
  refuseLostData(report, environment);
  const { context, kubeconfig } = environment.cluster;
  if (ask) await withoutLock(() => ask(`deploy this to the context ${context} (${kubeconfig})?`));
  const started = Date.now();
  await record(async () => {
    const applying = { context: cdktf, environment, connection, interruption, progress: output };
    await applyPlans({ ...applying, mask: (text) => masker.log(text) }, plans);
    return { result: "succeeded" };
  });
  output.rest();
  output.line(`deployed ${environment.name} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/**
 * Terraform itself refuses to delete the claims of the foundation; those of a chart go with the revision that has them no
 * more, or with the release.
 */
function refuseLostData({ warnings }: DiffReport, { name, storage }: Environment): void {
  const lost = warnings.filter(({ kind }) => kind === "data-lost");
  if (lost.length === 0 || storage.onDestroy === "delete") return;
  throw new OperationError(
    [
      `nothing was deployed: data would be lost, which ${name} keeps (storage.onDestroy in environments/${name}.yaml)`,
      ...lost.map(({ text }) => `  ${text}`),
      "keep the claim of a chart with kubectl annotate pvc NAME helm.sh/resource-policy=keep, one of the foundation by its size",
      "(storage: { NAME: SIZE } of its release), and what is in a namespace by leaving its release in the environment with",
      "installed: false; or give the data up for this run with the variable",
      `DELETE_DATA=${name}`,
    ].join("\n"),
  );
}

/** What Terraform and Helm say may quote what they were given. */
function masked(error: unknown, masker: Masker): unknown {
  return error instanceof OperationError ? new OperationError(masker.text(error.message)) : error;
}
