import { PersistentVolumeClaimV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { formerAddress } from "./former-address";
import { type PlatformLabelsProps, platformLabels } from "../settings/platform-labels";

export interface DataClaimProps extends PlatformLabelsProps {
  /** Name of the claim: what the values of a chart name. */
  readonly claimName: string;
  readonly namespace: string;
  /** Size such as 30Gi. It can grow where the StorageClass allows it, and never shrink. */
  readonly size: string;
  /** Name of the StorageClass. @default - the cluster's default */
  readonly className?: string;
  /** Its construct id in states of before. @default - the same */
  readonly former?: string;
  /** What must be there before it. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A claim for an application's data, apart from the application's release: it outlives an uninstall and a failed first
 * install, and the next release that names it finds what is in it.
 *
 * Removing it deletes the data, unless the cluster keeps the volume: see `keepData`.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/
 */
export class DataClaim extends Construct {
  constructor(scope: Construct, id: string, props: DataClaimProps) {
    super(scope, id);
    const { claimName, namespace, size, className, former, dependsOn } = props;
    const claim = new PersistentVolumeClaimV1(this, "claim", {
      metadata: { name: claimName, namespace, labels: platformLabels(props) },
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: size } },
        ...(className && { storageClassName: className }),
      },
      // A StorageClass may wait for the first pod, which comes with the release.
      waitUntilBound: false,
      dependsOn,
    });
    // Without the path of the constructs in it: moving one to another place in the program must not delete data.
    claim.overrideLogicalId(id.replaceAll("-", "_"));
    if (former !== undefined) claim.moveFromId(formerAddress(claim, [former]));
  }
}
