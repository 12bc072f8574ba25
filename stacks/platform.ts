import type { App, TerraformStack } from "cdktf";
import { enforcePolicies } from "../policies/enforce-policies";
import type { Settings } from "../settings/settings";
import { FoundationStack } from "./foundation-stack";
import { LlmAppsStack } from "./llm-apps-stack";

/**
 * Both stacks in their order. They share plain strings, never tokens: neither reads the other's state.
 *
 * Synthesizing them throws a SettingsError where one breaks a rule of `policies/`.
 */
export function buildPlatform(app: App, settings: Settings): readonly TerraformStack[] {
  const foundation = new FoundationStack(app, "foundation", settings);
  const llmApps = new LlmAppsStack(app, "llm-apps", settings);
  llmApps.addDependency(foundation);
  const stacks = [foundation, llmApps];
  enforcePolicies(stacks, settings);
  return stacks;
}
