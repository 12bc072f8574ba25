import { latestImage } from "./latest-image";
import { namespaceLabels } from "./namespace-labels";
import { openOllama } from "./open-ollama";
import { privilegedPod } from "./privileged-pod";
import type { Rule } from "./rule";
import { secretValues } from "./secret-values";
import { unpinnedChart } from "./unpinned-chart";
import { unreadableValues } from "./unreadable-values";

/** All of them. */
export const rules: readonly Rule[] = [
  latestImage,
  namespaceLabels,
  openOllama,
  privilegedPod,
  secretValues,
  unpinnedChart,
  unreadableValues,
];
