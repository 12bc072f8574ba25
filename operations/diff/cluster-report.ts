import { releasesOf } from "../../applications/releases";
import * as fs from "node:fs";
import * as path from "node:path";
import { setImmediate } from "node:timers/promises";
import { credentialsRevision } from "../../settings/credentials";
import { switchedOff } from "../../applications/pod-security";
import type { Environment } from "../../settings/environment";
import { deployedRevisions, placeholders } from "../terraform/credentials-for-plan";
import { type CdktfContext, stacks, synthesize, workingDirectory } from "../terraform/cdktf";
import { clusterCapabilities } from "../helm/capabilities";
import { type DeployedRelease, deployedRelease } from "./deployed-release";
import { isDeployedAs } from "./is-deployed-as";
import { findHelm, Helm } from "../helm/helm";
import { readReleases } from "../helm/read-releases";
import { clusterError } from "../cluster/api-error";
import { connect } from "../cluster/kubeconfig";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { LiveObjects } from "../cluster/live-objects";
import { type ResourceKind, resourceKinds } from "../cluster/resource-kinds";
import type { CredentialsContext } from "../secrets/deploy-credentials";
import type { Masker } from "../secrets/masking";
import { configuredReleases, type PlannedRelease, renderingNotes } from "./planned-release";
import { planStacks } from "./plan-stacks";
import { rolledBackReleases } from "./warnings/rolled-back";
import { howToFree } from "../releases/how-to-free";
import { releaseReport, type ReleaseSides } from "./release-report";
import { dueHandOvers, handOverSentence } from "./due-hand-overs";
import { renderRelease } from "./render-release";
import type { DiffReport } from "./report";
import { plannedResources, resourceChanges } from "./resource-changes";
import { objectPairs } from "./terraform-object";
import type { Warning } from "./warnings/warning";
import { warningsOf } from "./warnings/warnings";

export interface ClusterDiffContext extends CredentialsContext {
  /** @default - there are none: placeholders take their place */
  readonly credentials?: CdktfContext["credentials"] | Promise<CdktfContext["credentials"]>;
  readonly masker: Masker;
  /** How the stacks are planned; a deploy keeps the plans, to apply them. @default {@link planStacks} */
  readonly plan?: typeof planStacks;
}

interface Cluster {
  readonly api: KubernetesApi;
  readonly kinds: readonly ResourceKind[];
  readonly live: LiveObjects;
}

type ClusterSides = ReleaseSides & { readonly deployed?: DeployedRelease };

const appsStack = "llm-apps";

/**
 * Compares this working tree with the cluster: Terraform's plan of both stacks, and for each release what was deployed, what
 * is there and what would be deployed.
 *
 * @throws OperationError where anything of it cannot be known: half a report would be taken for all of it
 */
export async function clusterReport(context: ClusterDiffContext): Promise<DiffReport> {
  const { root, environment, variables, masker } = context;
  const helm = new Helm(findHelm(variables), variables, root, environment);
  const unlocked: CdktfContext = { root, environment, variables };
  const { plan = planStacks } = context;
  const theirs = begun(Promise.resolve(context.credentials));
  const credentialsToPlan = async () => {
    const given = await theirs;
    masker.learnCredentials(Object.values(given?.values ?? {}));
    return (
      given ?? {
        values: placeholders(environment),
        revisions: await deployedRevisions(unlocked, stacks[0], environment),
      }
    );
  };
  const planning = begun(
    (async () => {
      const warnings = await synthesize(unlocked);
      const known = begun(credentialsToPlan());
      return { warnings, known, plans: begun(plan(unlocked, environment, stacks, known)) };
    })(),
  );
  // Terraform takes longest. What does not depend on it happens meanwhile, once it has begun.
  await setImmediate();
  const inCluster = askCluster(root, environment);
  const capabilities = begun(inCluster(({ api, kinds }) => clusterCapabilities(api, kinds)));
  // Each release is asked for once, whoever asks first.
  const asked = new Map<string, Promise<DeployedRelease | undefined>>();
  const deployed = (name: string, namespace: string): Promise<DeployedRelease | undefined> => {
    const key = `${namespace}/${name}`;
    const ask = async ({ api, live }: Cluster) => {
      const found = (await readReleases(api, [namespace])).find(([newest]) => newest.name === name);
      return found && deployedRelease(live, found);
    };
    if (!asked.has(key)) asked.set(key, begun(inCluster(ask)));
    return asked.get(key) as Promise<DeployedRelease | undefined>;
  };
  for (const { name, namespace } of releasesOf(environment)) void deployed(name, namespace);
  const { warnings, known, plans: underway } = await planning;
  const credentials = await known;
  const file = path.join(workingDirectory(unlocked, appsStack), "cdk.tf.json");
  const configuration: unknown = JSON.parse(fs.readFileSync(file, "utf8"));
  const planned = configuredReleases(configuration, {
    [credentialsRevision]: credentials.revisions,
  });

  const render = async (release: PlannedRelease) =>
    renderRelease(helm, release, {
      directory: workingDirectory(unlocked, appsStack),
      cluster: await capabilities,
      upgrade: (await deployed(release.name, release.namespace)) !== undefined,
    });
  // What differs is rendered while Terraform plans. What fails is heard of below, after what Terraform says of the same fault.
  const rendering = new Map(
    planned.map((release) => {
      const unlessDeployed = async () => {
        const found = await deployed(release.name, release.namespace);
        return found && isDeployedAs(found.revisions[0], release) ? undefined : render(release);
      };
      return [release.address, begun(unlessDeployed())];
    }),
  );
  const plans = await underway;

  const resources = plans.flatMap(({ stack, json }) => plannedResources(stack, json, masker));
  const removed = resources.filter(
    ({ type, address, before }) =>
      type === "helm_release" && before && !planned.some((release) => release.address === address),
  );
  const sides = await Promise.all([
    ...planned.map(async (release): Promise<ClusterSides> => {
      const { name, namespace, address } = release;
      const action = resources.find((resource) => resource.address === address)?.action ?? "none";
      const [found, rendered] = await Promise.all([deployed(name, namespace), rendering.get(address)]);
      return {
        ...{ name, namespace, planned: release, action, deployed: found },
        // Where Terraform deploys it anew all the same, such as for a package of the same version, it may look otherwise.
        rendered: rendered ?? (action === "none" ? (found?.deployed ?? []) : await render(release)),
      };
    }),
    ...removed.map(async ({ before, action }): Promise<ClusterSides> => {
      const [name, namespace] = [String(before?.name), String(before?.namespace)];
      return { name, namespace, deployed: await deployed(name, namespace), rendered: [], action };
    }),
  ]);

  const releases = sides.map((side) => releaseReport(side, masker));
  const pairs = [
    ...resources.flatMap((one) => objectPairs(one, { unchanged: true })),
    ...releases.flatMap(({ pairs }) => pairs),
  ];
  const report: DiffReport = {
    environment: environment.name,
    against: { context: environment.cluster.context, kubeconfig: environment.cluster.kubeconfig },
    notes: [...notes(context, planned), ...warnings],
    warnings: [
      ...(await stuck(sides, context)),
      ...(await rolledBackReleases(
        releases.map(({ report }, i) => ({ report, deployed: sides[i]?.deployed })),
        { root, environment },
      )),
      ...deployedByOthers(releases, sides),
      ...stepsBefore(environment, releases),
      ...dueHandOvers(environment, resources).map((due) => ({
        kind: "hand-over" as const,
        text: handOverSentence(due),
      })),
      ...warningsOf(pairs),
    ],
    resources: resourceChanges(resources),
    releases: releases.map(({ report }) => report),
  };
  return masker.everywhere(report);
}

/** Asks the cluster; its faults are heard of where an answer is awaited, after what Terraform says of the same. */
function askCluster(root: string, environment: Environment) {
  const cluster = (async (): Promise<Cluster> => {
    const api = new KubernetesApi(connect(root, environment));
    const kinds = await resourceKinds(api);
    return { api, kinds, live: new LiveObjects(api, kinds, releasesOf(environment).length) };
  })();
  return async <Answer>(question: (cluster: Cluster) => Promise<Answer>): Promise<Answer> => {
    try {
      return await question(await cluster);
    } catch (error) {
      throw clusterError("what is deployed could not be read", error, environment);
    }
  };
}

function notes(
  { credentials, environment }: ClusterDiffContext,
  planned: readonly PlannedRelease[],
): string[] {
  return [
    ...switchedOff(environment),
    ...releasesOf(environment).flatMap(({ name, application, own }) =>
      (application.reminders?.(own) ?? []).map((text) => `release ${name}: ${text}`),
    ),
    ...(credentials
      ? []
      : [
          `no credentials of ${environment.name} are here: planned with placeholders, so that a changed credential would not show`,
        ]),
    ...renderingNotes(planned),
  ];
}

async function stuck(sides: readonly ClusterSides[], context: ClusterDiffContext): Promise<Warning[]> {
  // One that goes is taken away whatever state it is in.
  const pending = sides.flatMap(({ planned, deployed }) =>
    planned && deployed?.revisions[0].pending ? [deployed.revisions[0]] : [],
  );
  if (pending.length === 0) return [];
  const free = await howToFree(context);
  return pending.map(({ name, status }) => ({
    kind: "stuck",
    text: `release ${name} is ${status}, and every deploy fails as long: ${free}`,
  }));
}

/** Terraform compares a release with its state: what somebody else deployed with Helm is no difference to it. */
function deployedByOthers(
  releases: readonly ReturnType<typeof releaseReport>[],
  sides: readonly ClusterSides[],
): Warning[] {
  return releases.flatMap(({ report }, i): Warning[] => {
    const { description = "", rolledBackTo } = sides[i]?.deployed?.last ?? {};
    if (report.action !== "none" || report.objects.length === 0 || rolledBackTo !== undefined) return [];
    return [
      {
        kind: "deployed-by-others",
        text:
          `release ${report.name}: revision ${report.revision} (${description}) differs from this configuration, ` +
          "and the plan has no difference: somebody deployed it by other means, and a deploy leaves it as it is",
      },
    ];
  });
}

function stepsBefore(
  environment: Environment,
  releases: readonly ReturnType<typeof releaseReport>[],
): Warning[] {
  return releasesOf(environment).flatMap(({ name, application: { stepBefore } }) =>
    releases
      .filter(({ report }) => report.name === name)
      .flatMap(({ pairs }) => pairs)
      .flatMap(({ old, new: planned }): Warning[] => {
        const step = old && planned && stepBefore?.(old, planned);
        return step === undefined ? [] : [{ kind: "step-before", text: `release ${name}: ${step}` }];
      }),
  );
}

/** Work that is begun before anybody awaits it: its failure is heard of where it is awaited, and not before. */
function begun<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined);
  return work;
}
