import { execFileSync } from "node:child_process";
import { closeSync, openSync, readSync, realpathSync } from "node:fs";
import path from "node:path";
import * as semver from "semver";
import type { Component, ComponentName } from "./components";
import { type Environment, findProgram } from "./toolchain";

interface Rule {
  /** What makes it say its version. */
  readonly args: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly version: RegExp;
  /** The range of versions that do, in the place of a pinned one. */
  readonly range: (pinned: semver.SemVer) => string;
}

// Its configuration changes with minor versions.
const kwok: Rule = {
  args: ["--version"],
  version: /version v?(\d\S*)/,
  range: ({ major, minor }) => `~${major}.${minor}`,
};

/** What may be on PATH in the place of a pinned program. */
const rules: { readonly [name in ComponentName]?: Rule } = {
  // Kubernetes supports a kubectl of one minor version less or more than the API server's.
  kubectl: {
    args: ["version", "--client", "--output=json"],
    version: /"gitVersion":\s*"v?([^"]+)"/,
    range: ({ major, minor }) => `>=${major}.${minor - 1} <${major}.${minor + 2}`,
  },
  helm: {
    args: ["version", "--template={{.Version}}"],
    version: /^v?(\d\S+)/,
    range: ({ major, minor }) => `>=${major}.${minor} <${major + 1}`,
  },
  // Its data are read by the same minor version only.
  etcd: {
    args: ["--version"],
    version: /etcd Version: (\S+)/,
    range: ({ major, minor }) => `~${major}.${minor}`,
  },
  kwok,
  kwokctl: kwok,
  // Newer ones know what the sandbox asks of it.
  ollama: {
    args: ["--version"],
    // A server that answers would be asked for its version: nothing listens there.
    variables: { OLLAMA_HOST: "127.0.0.1:1" },
    version: /client version is (\S+)/,
    range: ({ major, minor }) => `>=${major}.${minor}`,
  },
};

/** Whether a program of that version does in the place of the pinned one. */
export function fits({ name, version }: Pick<Component, "name" | "version">, found: string): boolean {
  const pinned = semver.parse(version);
  const parsed = semver.parse(found, { loose: true }) ?? semver.coerce(found);
  // What a distribution adds to a version, such as +k3s1 or -dispatcher, makes it no older.
  const release = parsed && `${parsed.major}.${parsed.minor}.${parsed.patch}`;
  const rule = rules[name];
  return (
    pinned !== null && release !== null && rule !== undefined && semver.satisfies(release, rule.range(pinned))
  );
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
export function installedProgram(component: Component, environment: Environment): string | undefined {
  const rule = rules[component.name];
  const file = rule && findProgram(component.name, environment);
  if (!file || path.basename(realpathSync(file)) !== component.name) return undefined;
  try {
    if (isScript(file)) return undefined;
    const output = execFileSync(file, rule.args, {
      env: { ...environment, ...rule.variables },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 5000,
      killSignal: "SIGKILL",
    });
    return fits(component, rule.version.exec(output)?.[1] ?? "") ? file : undefined;
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
