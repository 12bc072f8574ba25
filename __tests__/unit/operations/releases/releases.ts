import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import type { Revisions } from "../../../../operations/helm/read-releases";
import { storedRelease } from "../../../../operations/helm/stored-release";

/** One revision of a release. */
export interface SampleRevision {
  readonly revision: number;
  /** Default: superseded */
  readonly status?: string;
  /** Default: Upgrade complete */
  readonly description?: string;
  /** What it deployed. Default: a ConfigMap that differs in every revision */
  readonly objects?: readonly object[];
  /** Its hooks. Default: none */
  readonly hooks?: readonly object[];
  /** Default: noon */
  readonly at?: string;
  /** What it was deployed with. Default: nothing */
  readonly values?: object;
  /** Default: Terraform's provider */
  readonly madeBy?: string;
}

/** Revisions of the release ollama as Helm keeps them, the newest first. */
export function revisions(...all: readonly SampleRevision[]): Revisions {
  return all.map((one) => storedRelease(secret(one))) as unknown as Revisions;
}

/** The Secret in which Helm keeps a revision. */
export function secret({
  revision,
  status = "superseded",
  description = "Upgrade complete",
  objects = [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "ollama" },
      data: { revision: String(revision) },
    },
  ],
  hooks = [],
  at = "2026-11-20T12:00:00Z",
  values = {},
  madeBy = "terraform-provider-helm_v3.1.1_x5",
}: SampleRevision) {
  const release = {
    name: "ollama",
    version: revision,
    info: { status, description, last_deployed: at },
    chart: { metadata: { name: "ollama", version: "1.77.0" } },
    config: values,
    manifest: objects.map((object) => `---\n${stringify(object)}`).join(""),
    hooks: hooks.map((object) => ({ manifest: stringify(object) })),
  };
  const text = gzipSync(JSON.stringify(release)).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: `sh.helm.release.v1.ollama.v${revision}`,
      namespace: "ollama",
      labels: { name: "ollama", status, owner: "helm", version: String(revision) },
      managedFields: [
        { manager: madeBy, time: at },
        { manager: "Helm", time: "2026-11-21T00:00:00Z" },
      ],
    },
    data: { release: Buffer.from(text).toString("base64") },
  };
}
