import { applicationCheck } from "../../../contracts/application-check";
import type { Construct } from "constructs";
import { AppNamespace } from "../../../constructs/app-namespace";
import { HelmApp } from "../../../constructs/helm-app";
import { pinnedChart } from "../../../settings/chart-lock";
import type { Settings } from "../../../settings/load-settings";
import { FoundationStack } from "../../../stacks/foundation-stack";
import { LlmAppsStack } from "../../../stacks/llm-apps-stack";

/** What an application of another chart adds to charts/lock.yaml. */
export const lockLines = `
qdrant:
  repository: https://qdrant.github.io/qdrant-helm
  version: 1.15.4
`.trim();

/** The foundation with one application more: the lines between the marks are what a user writes. */
export class FoundationWithAnother extends FoundationStack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, settings);
    const { environment } = settings;
    // <lines>
    new AppNamespace(this, "qdrant", {
      name: "qdrant",
      environment: environment.name,
      component: "vector-database",
      quota: { cpu: "2", memory: "4Gi", storage: "20Gi", pods: 5 },
      access: environment.access,
    });
    // </lines>
  }
}

/** The applications with one more. */
export class LlmAppsWithAnother extends LlmAppsStack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, settings);
    const { charts } = settings;
    // <lines>
    new HelmApp(this, "qdrant", {
      chart: pinnedChart(charts, "qdrant"),
      values: settings.values("qdrant").values,
      check: applicationCheck(settings, "qdrant"),
    });
    // </lines>
  }
}
