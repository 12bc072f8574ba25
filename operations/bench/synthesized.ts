import * as fs from "node:fs";
import * as path from "node:path";
import { credentialsRevision } from "../../settings/credentials";
import { configuredReleases, type PlannedRelease } from "../diff/planned-release";
import { type CdktfContext, stacks, workingDirectory } from "../terraform/cdktf";
import { fieldAt, type Fields } from "../cluster/kubernetes-object";

/** As much of a synthesized platform as others have to deploy, too. */
export interface Synthesized {
  readonly releases: readonly PlannedRelease[];
  /** Claims of the foundation, each as Terraform has it. */
  readonly claims: readonly Fields[];
  /** Where the packages of charts are named from, absolute. */
  readonly directory: string;
}

/** Reads what was synthesized for an environment. */
export function synthesized(context: CdktfContext): Synthesized {
  const [foundation, apps] = stacks.map((stack): unknown =>
    JSON.parse(fs.readFileSync(path.join(workingDirectory(context, stack), "cdk.tf.json"), "utf8")),
  );
  const claims = fieldAt(foundation, "resource", "kubernetes_persistent_volume_claim_v1") ?? {};
  return {
    releases: configuredReleases(apps, { [credentialsRevision]: {} }),
    claims: Object.values(claims as Fields) as Fields[],
    directory: workingDirectory(context, stacks[1]),
  };
}
