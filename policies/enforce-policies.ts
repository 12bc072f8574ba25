import type { TerraformStack } from "cdktf";
import type { Settings } from "../settings/settings";
import { SettingsError } from "../settings/settings-error";
import type { KnownApplications, Rule, SynthesizedStack } from "./rule";
import { rules } from "./rules";
import { synthesizedStack } from "./synthesized-stack";

/**
 * Holds each stack against the rules when it is synthesized, but for those that the environment switches off.
 *
 * What breaks one in any of the stacks is told in one error, once all have been looked at, with what is known to be wrong already.
 *
 * @param applications what is known of them beside the stacks
 * @param known what is wrong beside that, which no environment switches off
 */
export function enforcePolicies(
  stacks: readonly TerraformStack[],
  settings: Settings,
  applications: KnownApplications,
  known: readonly string[] = [],
): void {
  const waiting = new Set(stacks);
  const broken: string[] = [];
  for (const stack of stacks) {
    // CDKTF validates a stack once all aspects, which may still change it, are through.
    stack.node.addValidation({
      validate: () => {
        broken.push(...policyFaults(stack, settings, applications));
        waiting.delete(stack);
        const faults = [...new Set(known), ...(broken.length ? [...broken, howToSwitchOff(settings)] : [])];
        if (waiting.size === 0 && faults.length) throw new SettingsError(faults.join("\n"));
        return [];
      },
    });
  }
}

/** What breaks a rule in a stack, but for those that only warn: one line each, with what must be changed and the rule. */
export function policyFaults(
  stack: TerraformStack,
  settings: Settings,
  applications: KnownApplications,
): string[] {
  return broken(
    rules.filter(({ warns }) => !warns),
    synthesizedStack(stack.node.id, asWritten(stack), settings, applications),
    settings,
  );
}

/**
 * What breaks a rule that warns, in a stack that was synthesized: one line each, as {@link policyFaults}.
 *
 * @param configuration what was written for it
 */
export function policyWarnings(
  stack: string,
  configuration: unknown,
  settings: Settings,
  applications: KnownApplications,
): string[] {
  return broken(
    rules.filter(({ warns }) => warns),
    synthesizedStack(stack, configuration, settings, applications),
    settings,
  );
}

function broken(
  held: readonly Rule[],
  stack: SynthesizedStack,
  { environment }: Pick<Settings, "environment">,
): string[] {
  const found = held
    .filter(({ name }) => !(name in environment.exemptions))
    .flatMap(({ name, faults }) =>
      faults(stack).map(({ place, text }) => `${place}: ${text} (rule ${name})`),
    );
  return [...new Set(found)];
}

/** What a stack is written as. CDKTF is handed the same when it writes: what was looked at, and not made twice. */
function asWritten(stack: TerraformStack): unknown {
  const configuration: unknown = stack.toTerraform();
  stack.toTerraform = () => configuration;
  return configuration;
}

function howToSwitchOff({ environment }: Settings): string {
  return `fix it, or switch a rule off in environments/${environment.name}.yaml with a reason, which every report shows: exemptions: { RULE: "REASON" }`;
}
