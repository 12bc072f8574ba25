import type { Contract } from "../contracts/contract";
import type { YamlMap } from "../settings/yaml-file";
import type { ControllerName } from "../settings/ingress-controllers";
import type { RuleName } from "../settings/rule-names";

/** Where something is set, as a person finds it. */
export type Place = (path: readonly (string | number)[]) => string;

/** One resource of a synthesized stack. Escape hatches and aspects have had their say. */
export interface SynthesizedResource {
  /** Such as `kubernetes_secret_v1`. */
  readonly type: string;
  /** Path of its construct, such as `foundation/credentials/secret`. */
  readonly construct: string;
  /** As Terraform reads them: in snake case, blocks as maps or lists of maps. */
  readonly attributes: YamlMap;
}

/** A Helm release with its values as Helm merges them. */
export interface SynthesizedRelease extends SynthesizedResource {
  /** Name of its chart. */
  readonly chart: string;
  readonly values: YamlMap;
  /** Whether all values are known before Terraform runs. */
  readonly readable: boolean;
  /** What is known of the chart's values. @default - it has none */
  readonly contract?: Contract;
  /** Where a value was set, such as `values/chat.yaml:12: image.tag`. */
  readonly place: Place;
}

/** An application that asks nobody who they are. */
export interface UnguardedApplication {
  /** As people write it. */
  readonly title: string;
  /** Name of its chart. */
  readonly chart: string;
  /** Where the environment has it. */
  readonly releases: readonly { readonly namespace: string; readonly service: string }[];
}

/** What is known of the applications of an environment beside what is synthesized. */
export interface KnownApplications {
  readonly unguarded: readonly UnguardedApplication[];
  /**
   * What to do about a credential among the values of a release, for the environment variable of that name.
   *
   * @default - what holds for every release
   */
  readonly credentialAdvice?: (
    release: string,
    path: readonly (string | number)[],
    variable: string,
  ) => string | undefined;
  /**
   * Where an environment names an image that the platform itself puts into the values of a release.
   *
   * @default - a construct alone does
   */
  readonly imageSetting?: (release: string, image: string) => string | undefined;
}

export interface SynthesizedStack extends KnownApplications {
  /** All of them, releases too. */
  readonly resources: readonly SynthesizedResource[];
  readonly releases: readonly SynthesizedRelease[];
  /** The environment's. */
  readonly ingress: { readonly className: string; readonly controller?: ControllerName };
  /** Whether the environment wants every image by its digest. */
  readonly demandsDigests: boolean;
  /** Terraform's variables by name. */
  readonly variables: { readonly [name: string]: YamlMap };
}

/** What breaks a rule. */
export interface Fault {
  /** File and key, or construct: what must be changed. */
  readonly place: string;
  /** What was found, why it is refused, and what is allowed; never a secret's value. */
  readonly text: string;
}

export interface Rule {
  readonly name: RuleName;
  /** What breaks it is shown, and not refused. @default - it is refused */
  readonly warns?: true;
  readonly faults: (stack: SynthesizedStack) => Fault[];
}
