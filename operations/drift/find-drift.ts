import { namespacesOf, releasesOf } from "../../applications/releases";
import type { DeployRecord } from "../cluster/deploy-record";
import { clusterError } from "../cluster/api-error";
import { readRecords, recordsAt } from "../cluster/deploy-records";
import { fieldOwners } from "../cluster/field-owner";
import { connect } from "../cluster/kubeconfig";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { liveObject, type ResourceKinds, resourceKinds } from "../cluster/resource-kinds";
import { fieldAt, identity, type KubernetesObject, title } from "../cluster/kubernetes-object";
import type { LiveDifference } from "../diff/live-differences";
import type { Masker } from "../secrets/masking";
import { byTerraform } from "../releases/commits-to-revert";
import { lastDeployed, readReleases, type Revisions } from "../helm/read-releases";
import { manifestOf } from "../helm/stored-release";
import type { Environment } from "../../settings/environment";
import { annotatedRevision, credentialsDrift } from "./credentials-drift";
import {
  type FoundationDrift,
  foundation,
  foundationDrift,
  foundationKey,
  foundationUnknown,
} from "./foundation-drift";
import { goneReleases, notDeployed } from "./missing-releases";
import { type ObjectDrift, objectDrift, shownDrift } from "./object-drift";
import type { DriftReport, UnknownObject } from "./report";
import { revisionsByHand } from "./revisions-by-hand";
import { unknownObjects } from "./unknown-objects";

export interface DriftContext {
  readonly root: string;
  readonly environment: Environment;
  /** The process's environment. */
  readonly variables: NodeJS.ProcessEnv;
  readonly masker: Masker;
  /** Whether to look for objects that nobody here deployed. @default false */
  readonly unknown?: boolean;
}

/** The report, and what it takes to put back what drifted. */
export interface FoundDrift {
  readonly report: DriftReport;
  readonly releases: readonly ReleaseDrift[];
  /** @default - undefined where it cannot be compared */
  readonly foundation?: FoundationDrift;
  /** The revision of the credentials that were deployed, where their Secret holds others by now. @default - undefined where nothing differs */
  readonly credentials?: number;
  readonly kinds: ResourceKinds;
}

export interface ReleaseDrift {
  readonly revisions: Revisions;
  readonly objects: readonly ObjectDrift[];
  /** The last revision that was not made by hand, where a newer one was. @default - undefined where none is kept */
  readonly lastByDeploy?: number;
}

/**
 * Compares every object of every release and of the foundation with what was deployed, whatever this working tree says.
 *
 * @throws OperationError where the cluster or Terraform does not answer: half a report would be taken for all of it
 */
export async function findDrift(context: DriftContext): Promise<FoundDrift> {
  const { root, environment, variables, masker } = context;
  const connection = connect(root, environment);
  const api = new KubernetesApi(connection);
  const deployed = releasesOf(environment);
  const names = deployed.map(({ name }) => name);
  const cannot = foundationUnknown(root, environment);
  const kinds = resourceKinds(api);
  const cdktf = { root, environment: environment.name, variables };
  try {
    const [found, records, ground, known] = await Promise.all([
      readReleases(api, namespacesOf(environment)),
      readRecords(recordsAt(connection, environment)),
      cannot === undefined ? foundationDrift(cdktf, environment, masker, { api, kinds }) : undefined,
      kinds,
    ]);
    const releases = await Promise.all(
      found.map((revisions) => releaseDrift(api, known, revisions, records)),
    );
    const manifests = found.map((revisions) => manifestOf(lastDeployed(revisions)));
    const revision = ground?.credentialsRevision ?? annotatedRevision(manifests.flat());
    const compared = environment.credentials.source !== "secret" && revision !== undefined && revision > 1;
    const credentials = compared ? await credentialsDrift(api, environment.name, revision) : undefined;
    const unknown = context.unknown
      ? (
          await unknownObjects(api, known, namespacesOf(environment), new Set(manifests.flat().map(identity)))
        ).filter((object) => !isOfFoundation(object, ground))
      : undefined;
    return {
      releases,
      foundation: ground,
      ...(credentials && { credentials: revision }),
      kinds: known,
      report: masker.everywhere({
        environment: environment.name,
        context: environment.cluster.context,
        parts: [
          ...(ground || credentials ? [foundationPart(ground, credentials, masker)] : []),
          ...releases.map((release, i) => releasePart(release, manifests[i] ?? [], masker)),
          ...goneReleases(deployed, found, records),
        ],
        byHand: found.flatMap((revisions) => handMade(revisions, records)),
        ...(unknown && { unknown: unknown.map(unknownObject) }),
        notChecked: [
          ...(cannot === undefined ? [] : [cannot]),
          ...notDeployed(names, found, records),
          ...(compared ? [] : [credentialsNote(environment)]),
        ],
      }),
    };
  } catch (error) {
    throw clusterError("nothing is known of drift", error, environment);
  }
}

async function releaseDrift(
  api: KubernetesApi,
  kinds: ResourceKinds,
  revisions: Revisions,
  records: readonly DeployRecord[],
): Promise<ReleaseDrift> {
  const deployed = manifestOf(lastDeployed(revisions));
  const objects = await Promise.all(
    deployed.map(async (object) => objectDrift(object, await liveObject(api, kinds, object))),
  );
  const byHand = revisionsByHand(revisions, records);
  const before = revisions
    .slice(byHand.length)
    .find(({ status }) => ["deployed", "superseded"].includes(status));
  return {
    revisions,
    objects: objects.filter((drift) => drift !== undefined),
    ...(byHand.length > 0 && before && { lastByDeploy: before.revision }),
  };
}

function releasePart(
  { revisions, objects }: ReleaseDrift,
  manifest: readonly KubernetesObject[],
  masker: Masker,
): DriftReport["parts"][number] {
  const [newest] = revisions;
  const { name, revision, chart, version } = lastDeployed(revisions);
  const later = newest.revision === revision ? "" : `; revision ${newest.revision} is ${newest.status}`;
  return {
    name,
    comparedWith: `revision ${revision}, ${chart} ${version}${later}`,
    objects: manifest.length,
    differences: objects.flatMap((drift) => shownDrift(drift, masker)),
  };
}

function foundationPart(
  ground: FoundationDrift | undefined,
  credentials: LiveDifference | undefined,
  masker: Masker,
): DriftReport["parts"][number] {
  return {
    name: foundation,
    comparedWith: ground ? "Terraform's state" : "the credentials' revision",
    objects: ground?.compared ?? 1,
    differences: [
      ...(ground?.resources ?? []).flatMap((drift) => shownDrift(drift, masker)),
      ...(credentials ? [credentials] : []),
    ],
  };
}

function handMade(revisions: Revisions, records: readonly DeployRecord[]): DriftReport["byHand"] {
  return revisionsByHand(revisions, records).map(
    ({ name, revision, status, description, madeBy, deployedAt }) => ({
      release: name,
      revision,
      status,
      description,
      ...(madeBy !== undefined && { madeBy }),
      at: deployedAt.toISOString(),
    }),
  );
}

function credentialsNote({ credentials }: Environment): string {
  return credentials.source === "secret"
    ? `the credentials: somebody else fills the Secret ${credentials.name}`
    : "the credentials: no revision of them was deployed";
}

/** Terraform's state says what it made; where it is not here, that Terraform made it must do. */
function isOfFoundation(object: KubernetesObject, ground: FoundationDrift | undefined): boolean {
  if (ground) return ground.known.has(foundationKey(object));
  const { madeBy } = unknownObject(object);
  return madeBy !== undefined && byTerraform(madeBy);
}

function unknownObject(object: KubernetesObject): UnknownObject {
  // Whoever sets its status has not made it.
  const first = fieldOwners(object).find(({ subresource }) => subresource === undefined);
  const since = fieldAt(object, "metadata", "creationTimestamp");
  return {
    object: title(object),
    namespace: object.metadata.namespace ?? "",
    ...(first && { madeBy: first.manager }),
    ...(typeof since === "string" && { since }),
  };
}
