import { archivedImage } from "./archived-image";
import { imageDigest } from "./image-digest";
import { latestImage } from "./latest-image";
import { namespaceLabels } from "./namespace-labels";
import { openNetwork } from "./open-network";
import { openRelease } from "./open-release";
import { privilegedPod } from "./privileged-pod";
import type { Rule } from "./rule";
import { secretValues } from "./secret-values";
import { unpinnedChart } from "./unpinned-chart";
import { unreadableValues } from "./unreadable-values";

/** All of them. */
export const rules: readonly Rule[] = [
  archivedImage,
  imageDigest,
  latestImage,
  namespaceLabels,
  openNetwork,
  openRelease,
  privilegedPod,
  secretValues,
  unpinnedChart,
  unreadableValues,
];
