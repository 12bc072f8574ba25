import { App, type TerraformStack } from "cdktf";
import * as os from "node:os";
import { credentialAdvice } from "../applications/credential-advice";
import { releasesOf } from "../applications/releases";
import { unguardedApplications } from "../applications/unguarded";
import "../constructs/no-creation-stacks";
import { enforcePolicies } from "../policies/enforce-policies";
import type { KnownApplications } from "../policies/rule";
import type { Settings } from "../settings/settings";
import { SettingsError } from "../settings/settings-error";
import { FoundationStack } from "./foundation-stack";
import { LlmAppsStack } from "./llm-apps-stack";

/**
 * Both stacks in their order. They share plain strings, never tokens: neither is handed the other, or reads its state.
 *
 * Synthesizing them throws a SettingsError with all that is wrong with values, and that breaks a rule of `policies/`.
 */
export function buildPlatform(app: App, settings: Settings): readonly TerraformStack[] {
  const { foundation, llmApps } = buildStacks(app, settings);
  llmApps.addDependency(foundation);
  const stacks = [foundation, llmApps];
  // CDKTF's own resolves all there is once more than it takes, to find what refers to another stack: nothing does.
  for (const stack of stacks) stack.prepareStack = () => void stack.ensureBackendExists();
  enforcePolicies(stacks, settings, knownApplications(settings), llmApps.faults);
  return stacks;
}

/** What the rules of `policies/` are told of the applications of an environment. */
export function knownApplications({ environment }: Pick<Settings, "environment">): KnownApplications {
  const releases = releasesOf(environment);
  const named = (name: string) => releases.find((one) => one.name === name);
  return {
    unguarded: unguardedApplications(environment),
    credentialAdvice: (name, path, variable) => {
      const release = named(name);
      return release && credentialAdvice(environment, release, path, variable);
    },
    imageSetting: (name, image) => {
      const release = named(name);
      const settings = Object.entries(release?.application.images?.(release.own) ?? {});
      const [key] = settings.find(([, one]) => one === image) ?? [];
      return key && `environments/${environment.name}.yaml: applications.${name}.${key}`;
    },
  };
}

/**
 * Holds a platform against every check of a synth, and writes nothing.
 *
 * @throws SettingsError with all that is wrong
 */
export function checkPlatform(settings: Settings): void {
  // CDKTF makes the folder of its output before anything is synthesized: one that is there is not made.
  const app = new App({ outdir: os.tmpdir() });
  for (const stack of buildPlatform(app, settings)) stack.node.validate();
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
