import { execFileSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
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

/** Whether a program of PATH can take a component's place. */
export function mayBeInstalled(name: ComponentName): boolean {
  return rules[name] !== undefined;
}

/**
 * The program on PATH that does in the place of a pinned one. It is asked for its version until it says one, and again
 * after it changed.
 *
 * Passed over are scripts and links to a program of another name, as version managers and snap have them: they need
 * variables that the sandbox keeps from what it runs, and become processes that it does not know as its own. So is what
 * cannot be read, which may be a script.
 *
 * @param cacheDirectory where the versions are remembered
 * @returns its absolute path
 */
export function installedProgram(
  component: Component,
  environment: Environment,
  cacheDirectory: string,
): string | undefined {
  const rule = rules[component.name];
  const file = rule && findProgram(component.name, environment);
  if (rule === undefined || file === undefined) return undefined;
  if (path.basename(realpathSync(file)) !== component.name || mayBeScript(file)) return undefined;

  const memory = path.join(cacheDirectory, "versions-on-path.json");
  const { mtimeMs, size } = statSync(file);
  const remembered = read(memory);
  const known = remembered[file];
  let version = known?.mtimeMs === mtimeMs && known.size === size ? known.version : null;
  if (version === null) {
    version = askVersion(file, rule, environment);
    // That it said none may be the fault of a moment, such as a machine too busy to start it in time.
    if (version !== null) write(memory, { ...remembered, [file]: { mtimeMs, size, version } });
  }
  return version !== null && fits(component, version) ? file : undefined;
}

interface Known {
  readonly mtimeMs: number;
  readonly size: number;
  /** Null, in a memory of before: it did not say one. */
  readonly version: string | null;
}

function askVersion(file: string, rule: Rule, environment: Environment): string | null {
  try {
    const output = execFileSync(file, rule.args, {
      env: { ...environment, ...rule.variables },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 5000,
      killSignal: "SIGKILL",
    });
    return rule.version.exec(output)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** Where it cannot be read, nobody can tell. */
function mayBeScript(file: string): boolean {
  const start = Buffer.alloc(2);
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return true;
  }
  try {
    readSync(descriptor, start, 0, 2, 0);
  } finally {
    closeSync(descriptor);
  }
  return start.toString() === "#!";
}

function read(memory: string): Readonly<Record<string, Known>> {
  try {
    return JSON.parse(readFileSync(memory, "utf8")) as Record<string, Known>;
  } catch {
    // There is none yet.
    return {};
  }
}

function write(memory: string, versions: Readonly<Record<string, Known>>): void {
  const unfinished = `${memory}.${process.pid}`;
  try {
    mkdirSync(path.dirname(memory), { recursive: true });
    writeFileSync(unfinished, JSON.stringify(versions));
    renameSync(unfinished, memory);
  } catch {
    // It is asked again, then.
  }
}
