import type { App, TerraformStack } from "cdktf";
import type { Settings } from "../settings/load-settings";
import { FoundationStack } from "./foundation-stack";
import { LlmAppsStack } from "./llm-apps-stack";

/** Both stacks in their order. They share plain strings, never tokens: neither reads the other's state. */
export function buildPlatform(app: App, settings: Settings): readonly TerraformStack[] {
  const foundation = new FoundationStack(app, "foundation", settings);
  const llmApps = new LlmAppsStack(app, "llm-apps", settings);
  llmApps.addDependency(foundation);
  return [foundation, llmApps];
}
