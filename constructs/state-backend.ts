import { LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import * as path from "node:path";
import type { State } from "../settings/environment";
import { clusterConnection, type ClusterConnectionProps } from "./cluster-connection";
import { stackDirectory } from "./stack-directory";

export interface StateBackendProps {
  /** Name of the environment: each has its own state. */
  readonly environment: string;
  readonly state: State;
  /** Where the cluster is, for a state that is kept in it. */
  readonly cluster: ClusterConnectionProps;
}

/**
 * Sets the backend of a stack's state: one state an environment and stack.
 *
 * CDKTF's own default is a local file with an absolute path, which differs from machine to machine.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend
 */
export function setBackend(stack: TerraformStack, { environment, state, cluster }: StateBackendProps): void {
  const id = stack.node.id;
  if (state.encrypted) {
    // With what, and with which key, is said by TF_ENCRYPTION: without it, OpenTofu refuses instead of writing in clear.
    stack.addOverride("terraform.encryption", { state: { enforced: true }, plan: { enforced: true } });
  }
  switch (state.backend) {
    case "local":
      new LocalBackend(stack, {
        path: path.relative(
          stackDirectory(stack),
          path.join(cluster.root, "state", environment, `${id}.tfstate`),
        ),
      });
      return;
    case "s3": {
      const { bucket, region, endpoint } = state;
      new S3Backend(stack, {
        bucket,
        region,
        key: `llm-platform/${environment}/${id}.tfstate`,
        encrypt: true,
        ...(endpoint && { endpoints: { s3: endpoint } }),
      });
      // CDKTF has no property for the lock file in the bucket, which needs no DynamoDB table.
      stack.addOverride("terraform.backend.s3.use_lockfile", true);
      return;
    }
    case "kubernetes": {
      const { configPath, configContext } = clusterConnection(stack, cluster);
      // CDKTF has no class for this backend, and takes that of a local file where it sees none.
      stack.addOverride("terraform.backend", {
        local: undefined,
        kubernetes: {
          secret_suffix: `llm-platform-${environment}-${id}`,
          namespace: state.namespace,
          config_path: configPath,
          config_context: configContext,
        },
      });
    }
  }
}
