import { setImmediate } from "node:timers/promises";
import { secretsOf } from "../../applications/credentials";
import { type ReleaseSecret, secretTitle } from "../../applications/release-secrets";
import { namespacesOf, releasesOf } from "../../applications/releases";
import type { DeployRecord } from "../cluster/deploy-record";
import { clusterError } from "../cluster/api-error";
import { readRecords, recordsAt } from "../cluster/deploy-records";
import { connect } from "../cluster/kubeconfig";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { LiveObjects } from "../cluster/live-objects";
import { type ResourceKind, resourceKinds } from "../cluster/resource-kinds";
import { identity, type KubernetesObject, title } from "../cluster/kubernetes-object";
import { unknownRevision } from "../../settings/credentials";
import { type DeployedRelease, deployedRelease } from "../diff/deployed-release";
import { ownersForgotten } from "../diff/field-differences";
import { type ObjectDrift, objectDrift, shownDrift } from "../diff/live-differences";
import type { CredentialsContext } from "../secrets/deploy-credentials";
import type { Masker } from "../secrets/masking";
import { byTerraform } from "../releases/commits-to-revert";
import { readReleases } from "../helm/read-releases";
import { hooksOf, type StoredRelease } from "../helm/stored-release";
import type { Environment } from "../../settings/environment";
import { annotatedRevisions, type SecretDrift, secretDrift } from "./credentials-drift";
import {
  type FoundationDrift,
  foundation,
  foundationDrift,
  foundationKey,
  foundationUnknown,
} from "./foundation-drift";
import { referenced } from "./referenced";
import type { DriftReport } from "./report";
import { revisionsByHand } from "./revisions-by-hand";
import { listObjects, madeBy, unknownObjects } from "./unknown-objects";

export interface DriftContext extends CredentialsContext {
  readonly masker: Masker;
  /** Whether to look for objects that nobody here deployed. @default true */
  readonly unknown?: boolean;
}

/** The report, and what it takes to put back what drifted. */
export interface FoundDrift {
  readonly report: DriftReport;
  readonly releases: readonly ReleaseDrift[];
  /** @default - undefined where it cannot be compared */
  readonly foundation?: FoundationDrift;
  /** The Secrets that hold other credentials by now than those that were deployed. */
  readonly credentials: readonly SecretDrift[];
  readonly kinds: readonly ResourceKind[];
}

export interface ReleaseDrift extends DeployedRelease {
  readonly objects: readonly ObjectDrift[];
  /** Of which nobody knows what was added. */
  readonly forgotten: readonly KubernetesObject[];
  /** The newest revisions that somebody made by hand. */
  readonly byHand: readonly StoredRelease[];
  /** The last revision that was not made by hand, where a newer one was. @default - none is kept */
  readonly lastByDeploy?: number;
}

/**
 * Compares every object of every release and of the foundation with what was deployed, whatever this working tree says.
 *
 * @throws OperationError where the cluster or Terraform does not answer: half a report would be taken for all of it
 */
export async function findDrift(context: DriftContext): Promise<FoundDrift> {
  const { root, environment, variables, masker } = context;
  const cannot = foundationUnknown(root, environment);
  const cdktf = { root, environment, variables };
  const names = namespacesOf(environment);
  const reached = reach(root, environment, names.length);
  const objects = reached.then(({ live }) => live);
  // Its failure is heard of where the cluster is awaited.
  objects.catch(() => undefined);
  try {
    const [ground, { api, kinds, found, records, listed, releases }] = await Promise.all([
      // Terraform takes longest, and begins first.
      cannot === undefined ? foundationDrift(cdktf, environment, masker, objects) : undefined,
      reached.then(async ({ connection, ...cluster }) => {
        const [found, records, listed] = await Promise.all([
          readReleases(cluster.api, names),
          readRecords(recordsAt(connection, environment)),
          context.unknown === false
            ? undefined
            : listObjects(cluster.api, cluster.live, cluster.kinds, names),
        ]);
        const releases = await Promise.all(
          found.map(async (revisions) =>
            releaseDrift(await deployedRelease(cluster.live, revisions), records),
          ),
        );
        return { ...cluster, found, records, listed, releases };
      }),
    ]);
    const missing = releasesOf(environment)
      .filter(({ name }) => !found.some(([newest]) => newest.name === name))
      .map(({ name, namespace }) => ({ name, namespace, last: lastRecorded(name, records) }));
    const manifests = releases.flatMap(({ deployed }) => deployed);
    const secrets = environment.credentials.source === "secret" ? [] : secretsOf(environment);
    const revisions = ground?.revisions ?? annotatedRevisions(secrets, manifests);
    const compared = secrets.filter(({ id }) => (revisions[id] ?? 0) > unknownRevision);
    const credentials = (
      await Promise.all(
        compared.map((secret) => secretDrift(api, environment.name, secret, revisions[secret.id] as number)),
      )
    ).filter((drift) => drift !== undefined);
    const hooks = found.flatMap(([newest]) => hooksOf(newest));
    const unknown =
      listed && unknownObjects(listed, knownObjects([...manifests, ...hooks], ground, environment));
    return {
      releases,
      foundation: ground,
      credentials,
      kinds,
      report: masker.everywhere({
        environment: environment.name,
        context: environment.cluster.context,
        parts: [
          ...(ground || credentials.length > 0 ? [foundationPart(ground, credentials, masker)] : []),
          ...releases.map((release) => releasePart(release, masker)),
          ...missing.flatMap(({ name, namespace, last }) => (last ? [gonePart(name, namespace, last)] : [])),
        ],
        byHand: releases.flatMap(({ byHand }) => byHand.map(handMade)),
        ...(unknown && { unknown }),
        notChecked: [
          ...(cannot === undefined ? [] : [cannot]),
          ...missing.filter(({ last }) => !last).map(({ name }) => `release ${name}: it is not deployed`),
          ...credentialsNotes(environment, compared),
          ...forgottenNotes([
            ...(ground?.forgotten ?? []),
            ...releases.flatMap(({ forgotten }) => forgotten),
          ]),
          ...(listed?.notListed ?? []),
        ],
      }),
    };
  } catch (error) {
    throw clusterError("nothing is known of drift", error, environment);
  }
}

/** Begins with the cluster once what was begun before it is under way. */
async function reach(root: string, environment: Environment, namespaces: number) {
  await setImmediate();
  const connection = connect(root, environment);
  const api = new KubernetesApi(connection);
  const kinds = await resourceKinds(api);
  return { connection, api, kinds, live: new LiveObjects(api, kinds, namespaces) };
}

function releaseDrift(release: DeployedRelease, records: readonly DeployRecord[]): ReleaseDrift {
  const { revisions, deployed, live, attempted, deployedUntil } = release;
  const byHand = revisionsByHand(revisions, records);
  const before = revisions.slice(byHand.length).find(({ good }) => good);
  return {
    ...release,
    objects: deployed.flatMap(
      (object, i) => objectDrift(object, live[i], { attempted: attempted[i], deployedUntil }) ?? [],
    ),
    forgotten: deployed.flatMap((object, i) => {
      const found = live[i];
      return found && ownersForgotten(object, found) ? [found] : [];
    }),
    byHand,
    ...(byHand.length > 0 && before && { lastByDeploy: before.revision }),
  };
}

function releasePart(
  { revisions: [newest], last, deployed, objects }: ReleaseDrift,
  masker: Masker,
): DriftReport["parts"][number] {
  const { name, revision, chart, version } = last;
  const later = newest.revision === revision ? "" : `; revision ${newest.revision} is ${newest.status}`;
  return {
    name,
    comparedWith: `revision ${revision}, ${chart} ${version}${later}`,
    objects: deployed.length,
    differences: objects.flatMap((drift) => shownDrift(drift, masker)),
  };
}

/** A release that a record knows and the cluster does not. */
function gonePart(
  name: string,
  namespace: string,
  { startedAt }: DeployRecord,
): DriftReport["parts"][number] {
  return {
    name,
    comparedWith: `the record of ${startedAt}`,
    objects: 0,
    differences: [{ object: `release ${name}`, namespace, field: "", deployed: "there", live: undefined }],
  };
}

/** The last deploy that ended with the release there; undefined where there is none, or it was destroyed since. */
function lastRecorded(name: string, records: readonly DeployRecord[]): DeployRecord | undefined {
  const last = records.find(({ action, releases }) => action === "destroy" || releases.length > 0);
  return last?.releases.some((release) => release.name === name) ? last : undefined;
}

function foundationPart(
  ground: FoundationDrift | undefined,
  credentials: readonly SecretDrift[],
  masker: Masker,
): DriftReport["parts"][number] {
  return {
    name: foundation,
    comparedWith: ground ? "the state" : "the credentials' revision",
    objects: ground?.compared ?? credentials.length,
    differences: [
      ...[...(ground?.resources ?? []), ...(ground?.added ?? [])].flatMap((drift) =>
        shownDrift(drift, masker),
      ),
      ...credentials.map(({ difference }) => difference),
    ],
  };
}

function handMade(made: StoredRelease): DriftReport["byHand"][number] {
  const { name: release, revision, status, description, madeBy, deployedAt } = made;
  const at = deployedAt.toISOString();
  return { release, revision, status, description, ...(madeBy !== undefined && { madeBy }), at };
}

function forgottenNotes(objects: readonly KubernetesObject[]): string[] {
  return objects.map((object) => {
    const where = object.metadata.namespace ? ` in ${object.metadata.namespace}` : "";
    return `what was added to ${title(object)}${where}, but for what it runs, holds or lets through: the API server no longer says who set its fields`;
  });
}

function credentialsNotes(environment: Environment, compared: readonly ReleaseSecret[]): string[] {
  if (environment.credentials.source === "secret") {
    const ids = [...new Set(secretsOf(environment).map(secretTitle))];
    return [`the credentials: somebody else fills ${ids.join(", ")}`];
  }
  const left = secretsOf(environment).filter(({ id }) => !compared.some((secret) => secret.id === id));
  if (left.length === 0) return [];
  return [`the credentials in ${left.map(secretTitle).join(", ")}: no revision of them was deployed`];
}

/**
 * What is deployed, what that needs, and what the environment says somebody else makes. Terraform's state says what it made; where it is not here, that Terraform made it must
 * do.
 */
function knownObjects(
  manifests: readonly KubernetesObject[],
  ground: FoundationDrift | undefined,
  environment: Environment,
): (object: KubernetesObject) => boolean {
  // A manifest gives every object the namespace of its release.
  const ids = new Set(
    manifests
      .flatMap((object) => [object, { ...object, metadata: { name: object.metadata.name } }])
      .map(identity),
  );
  const needed = new Set([
    ...manifests.flatMap((object) =>
      referenced(object).map((reference) => `${object.metadata.namespace}/${reference}`),
    ),
    ...secretsOf(environment).map(({ namespace, name }) => `${namespace}/Secret/${name}`),
  ]);
  return (object) =>
    environment.drift.expected.includes(title(object)) ||
    ids.has(identity(object)) ||
    needed.has(`${object.metadata.namespace}/${title(object)}`) ||
    (ground ? ground.known.has(foundationKey(object)) : byTerraform(madeBy(object) ?? ""));
}
