import { execFileSync } from "node:child_process";
import { closeSync, openSync, readSync, realpathSync } from "node:fs";
import path from "node:path";
import * as semver from "semver";
import type { Component, ComponentName } from "./components";
import { findProgram } from "./toolchain";

interface Rule {
  /** What makes it say its version. */
  readonly args: readonly string[];
  /** The range of versions that do, in the place of a pinned one. */
  readonly range: (pinned: semver.SemVer) => string;
}

const sameMinor = ({ major, minor }: semver.SemVer): string => `~${major}.${minor}`;

/** What may be on PATH in the place of a pinned program. */
const rules: { readonly [name in ComponentName]?: Rule } = {
  // Kubernetes supports a kubectl of one minor version less or more than the API server's.
  kubectl: {
    args: ["version", "--client", "--output=json"],
    range: ({ major, minor }) => `>=${major}.${minor - 1} <${major}.${minor + 2}`,
  },
  helm: { args: ["version", "--short"], range: ({ major, minor }) => `>=${major}.${minor} <${major + 1}` },
  // Its data are read by the same minor version only.
  etcd: { args: ["--version"], range: sameMinor },
  // Its configuration changes with minor versions.
  kwok: { args: ["--version"], range: sameMinor },
  kwokctl: { args: ["--version"], range: sameMinor },
  // Newer ones know what the sandbox asks of it.
  ollama: { args: ["--version"], range: ({ major, minor }) => `>=${major}.${minor}` },
};

/**
 * Whether a program that says this does in the place of the pinned one.
 *
 * @param said what it says; its version stands first. What a distribution adds to one, such as +k3s1, makes it no older
 */
export function fits({ name, version }: Pick<Component, "name" | "version">, said: string): boolean {
  const [release] = /\d+\.\d+\.\d+/.exec(said) ?? [];
  const range = rules[name]?.range(new semver.SemVer(version));
  return release !== undefined && range !== undefined && semver.satisfies(release, range);
}

/**
 * The program on PATH that does in the place of a pinned one, by the version that it says.
 *
 * Passed over are scripts and links to a program of another name, as version managers and snap have them: they need
 * variables that the sandbox keeps from what it runs, and become processes that it does not know as its own. So is what
 * cannot be read, which may be a script.
 *
 * @returns its absolute path
 */
export function installedProgram(component: Component, environment: NodeJS.ProcessEnv): string | undefined {
  const rule = rules[component.name];
  const file = rule && findProgram(component.name, environment);
  if (!file || path.basename(realpathSync(file)) !== component.name) return undefined;
  try {
    if (isScript(file)) return undefined;
    const output = execFileSync(file, rule.args, {
      // A model server that answers would be asked for its version: nothing listens there.
      env: { ...environment, OLLAMA_HOST: "127.0.0.1:1" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 5000,
      killSignal: "SIGKILL",
    });
    return fits(component, output) ? file : undefined;
  } catch {
    return undefined;
  }
}

function isScript(file: string): boolean {
  const start = Buffer.alloc(2);
  const descriptor = openSync(file, "r");
  readSync(descriptor, start, 0, 2, 0);
  closeSync(descriptor);
  return start.toString() === "#!";
}
