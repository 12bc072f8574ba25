import { isMap, type YamlMap } from "../../settings/yaml-file";
import { gunzipSync, gzipSync } from "node:zlib";
import { fieldOwners } from "../cluster/field-owner";
import { fieldAt, type KubernetesObject, listAt, parseManifest } from "../cluster/kubernetes-object";
import { OperationError } from "../errors/operation-error";

/** One revision of a release, as Helm keeps it in a Secret. */
export interface StoredRelease {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  /** `deployed`, `failed`, `superseded`, `pending-install`, `pending-upgrade`, `pending-rollback`, … */
  readonly status: string;
  /** Whether somebody is in the middle of it, or was killed there. */
  readonly pending: boolean;
  /** Whether it is deployed, or was before the next. */
  readonly good: boolean;
  /** Such as `Upgrade complete` or `Rollback to 2`. */
  readonly description: string;
  /** The revision that a rollback went to. @default - no rollback made it */
  readonly rolledBackTo?: number;
  /** When it was begun, by the clock of whoever deployed it. */
  readonly deployedAt: Date;
  readonly chart: string;
  /** Version of the chart. */
  readonly version: string;
  /** The program that made it, in the words of the API server: `Helm`, `terraform-provider-helm_v3.1.1_x5`, … @default - not known */
  readonly madeBy?: string;
  /** What it was deployed with beside the chart's own values; they may hold secrets. */
  readonly values: YamlMap;
  /** What it deployed, without hooks; unmasked. */
  readonly manifest: string;
  /** What Helm made by itself, an object each; unmasked. */
  readonly hooks: readonly string[];
  /** The Secret itself, as it was read. */
  readonly secret: KubernetesObject;
}

/**
 * Reads a Secret of Helm's.
 *
 * @throws OperationError where it is not what Helm writes; never with a word of what it holds
 * @see https://helm.sh/docs/topics/advanced/#storage-backends
 */
export function storedRelease(secret: KubernetesObject): StoredRelease {
  const payload = decoded(secret);
  const [madeBy] = fieldOwners(secret);
  const status = String(fieldAt(payload, "info", "status"));
  const description = String(fieldAt(payload, "info", "description") ?? "");
  const [, target] = /^Rollback to (\d+)$/.exec(description) ?? [];
  return {
    name: String(fieldAt(payload, "name")),
    namespace: String(secret.metadata.namespace),
    revision: Number(fieldAt(payload, "version")),
    status,
    pending: status.startsWith("pending-"),
    good: status === "deployed" || status === "superseded",
    description,
    ...(target && { rolledBackTo: Number(target) }),
    deployedAt: new Date(String(fieldAt(payload, "info", "last_deployed"))),
    chart: String(fieldAt(payload, "chart", "metadata", "name")),
    version: String(fieldAt(payload, "chart", "metadata", "version")),
    ...(madeBy && { madeBy: madeBy.manager }),
    values: (fieldAt(payload, "config") ?? {}) as YamlMap,
    manifest: String(fieldAt(payload, "manifest") ?? ""),
    hooks: listAt(payload, "hooks").map((hook) => String(fieldAt(hook, "manifest") ?? "")),
    secret,
  };
}

/** What a revision deployed, without hooks; unmasked. */
export function manifestOf({
  manifest,
  namespace,
}: Pick<StoredRelease, "manifest" | "namespace">): KubernetesObject[] {
  return parseManifest(manifest, namespace);
}

/** The hooks of a revision: Helm makes them by themselves, and leaves those that failed. */
export function hooksOf({
  hooks,
  namespace,
}: Pick<StoredRelease, "hooks" | "namespace">): KubernetesObject[] {
  return hooks.flatMap((hook) => parseManifest(hook, namespace));
}

/**
 * The Secret of a revision that nobody goes on with, marked as failed: Helm and Terraform then upgrade it.
 *
 * @param description what Helm's history says of it
 */
export function markedFailed({ secret }: StoredRelease, description: string): KubernetesObject {
  const payload = decoded(secret);
  const info = { ...(fieldAt(payload, "info") as object), status: "failed", description };
  const text = gzipSync(JSON.stringify({ ...payload, info })).toString("base64");
  return {
    ...secret,
    metadata: {
      ...secret.metadata,
      managedFields: undefined,
      labels: { ...(secret.metadata.labels as object), status: "failed" },
    },
    data: { release: Buffer.from(text).toString("base64") },
  };
}

/** base64 of Kubernetes around base64 of Helm around gzip around JSON. */
function decoded(secret: KubernetesObject): object {
  try {
    const text = Buffer.from(String(fieldAt(secret, "data", "release")), "base64").toString();
    const payload: unknown = JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString());
    if (isMap(payload)) return payload;
  } catch {
    // Said below, without what it holds.
  }
  throw new OperationError(
    `the Secret ${secret.metadata.name} in ${secret.metadata.namespace} is not a release of Helm 3: look at it with helm history`,
  );
}
