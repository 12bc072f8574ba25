import type { Requirement } from "./requirement";
import { joinPath, splitPath } from "./value-path";

/** What a key takes. `scalar`: a string, a number, or true or false; `any`: that, or a list or a map. */
export type KeyType = "string" | "number" | "boolean" | "scalar" | "list" | "map" | "any";

/** One key that a chart knows. */
export interface ContractKey {
  readonly type: KeyType;
  /** The chart's own value. @default - it has none */
  readonly default?: unknown;
  /** A map that may hold any key. @default - it holds those that the contract names alone */
  readonly open?: true;
  /** Templates look into the map without asking whether it is there: null in its place ends the rendering. @default - nothing does */
  readonly entered?: true;
  /** What it is in Kubernetes; one of several, where the chart puts it in several places. See `KubernetesSchema`. @default - it is no piece of an object */
  readonly kubernetes?: readonly string[];
  /** A number that templates print as it stands, if only where it is there: in quotes it is the same number. @default - they do more with it */
  readonly printed?: true;
  /** The only values that the chart's own schema allows. @default - any of its type */
  readonly allowed?: readonly unknown[];
  /** When the chart reads it. @default - always */
  readonly needs?: Requirement;
  /** The chart declares it, and none of its templates reads it. @default - a template reads it */
  readonly unread?: true;
  /**
   * How that is known. `rendered`: a change of it was seen to change what is rendered or, of one that is unread, to change
   * nothing under any condition that was tried. `unknown`: it could not be tried.
   *
   * @default - it was read in the templates
   */
  readonly known?: "rendered" | "unknown";
}

/** All that is known about the values of one chart at one version. */
export interface Contract {
  readonly name: string;
  readonly version: string;
  /** Version of the application that the chart deploys by default. */
  readonly appVersion: string;
  /** The versions of Kubernetes that the chart takes, such as `^1.16.0-0`. @default - any */
  readonly kubeVersion?: string;
  /** Templates that could not be understood: what they read is not known. @default - none */
  readonly notUnderstood?: readonly string[];
  /** By path: keys joined by dots, a dot in a key escaped with \, `*` for any key of a map or item of a list. */
  readonly keys: { readonly [path: string]: ContractKey };
}

/** The path of a key below a known one: its own, or that of any key there; undefined where the contract has neither. */
export function keyBelow({ keys }: Contract, known: string, name: string): string | undefined {
  const own = joinPath(known, name);
  if (Object.hasOwn(keys, own)) return own;
  const any = known ? `${known}.*` : "*";
  return Object.hasOwn(keys, any) ? any : undefined;
}

/** The names of the keys right below a path, but for `*`. */
export function childrenOf({ keys }: Contract, path: string): string[] {
  const prefix = path ? `${path}.` : "";
  return Object.keys(keys)
    .filter((key) => key.startsWith(prefix))
    .map((key) => splitPath(key.slice(prefix.length)))
    .flatMap(([name = "*", ...below]) => (name === "*" || below.length ? [] : [name]));
}
