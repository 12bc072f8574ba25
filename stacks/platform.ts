import type { App, TerraformStack } from "cdktf";
import { unguardedApplications } from "../applications/unguarded";
import { enforcePolicies } from "../policies/enforce-policies";
import type { Settings } from "../settings/settings";
import { SettingsError } from "../settings/settings-error";
import { FoundationStack } from "./foundation-stack";
import { LlmAppsStack } from "./llm-apps-stack";

/**
 * Both stacks in their order. They share plain strings, never tokens: neither reads the other's state.
 *
 * Synthesizing them throws a SettingsError where one breaks a rule of `policies/`.
 */
export function buildPlatform(app: App, settings: Settings): readonly TerraformStack[] {
  const { foundation, llmApps } = buildStacks(app, settings);
  llmApps.addDependency(foundation);
  const stacks = [foundation, llmApps];
  enforcePolicies(stacks, settings, unguardedApplications(settings.environment));
  return stacks;
}

function buildStacks(app: App, settings: Settings): { foundation: FoundationStack; llmApps: LlmAppsStack } {
  try {
    return {
      foundation: new FoundationStack(app, "foundation", settings),
      llmApps: new LlmAppsStack(app, "llm-apps", settings),
    };
  } catch (error) {
    const taken = /^There is already a Construct with name '(.+)' in/.exec(
      String((error as Error).message),
    )?.[1];
    if (taken === undefined) throw error;
    // Names of resources begin with that of their release or its namespace: changing them would make each resource anew.
    throw new SettingsError(
      `environments/${settings.environment.name}.yaml: applications: the name or the namespace of a release is, or begins, that of a resource which another part has: ${taken}: give that release another`,
    );
  }
}
