import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import execa from "execa";
import lockfile from "proper-lockfile";
import { OperationError } from "../errors/operation-error";
import { Component, ComponentName, components } from "./components";
import { checkCompilers, Environment, findGo, findProgram } from "./toolchain";

/** The absolute path of each program of the sandbox. */
export type SandboxBinaries = Readonly<Record<ComponentName, string>>;

/** What a build says while it runs. */
export interface BuildProgress {
  readonly component: ComponentName;
  /** `waiting`: another build holds the cache; `building`: it has begun; `built`: it is done. */
  readonly state: "waiting" | "building" | "built";
  /** 1 for the first of those that have to be built. */
  readonly index: number;
  /** How many have to be built. */
  readonly total: number;
  /** Seconds that this component took; 0 until it is built. */
  readonly seconds: number;
}

export interface BuildSandboxProps {
  /** Folder for the binaries; one a machine, shared by all clones. See {@link defaultCacheDirectory}. */
  readonly cacheDirectory: string;
  /** Variables for Go: PATH, HOME, GOPROXY and so on. */
  readonly environment: Environment;
  /** @default - silent */
  readonly onProgress?: (progress: BuildProgress) => void;
}

/** `$XDG_CACHE_HOME/llm-platform/sandbox`, by default below `~/.cache`. */
export function defaultCacheDirectory(environment: Environment): string {
  const configured = environment.XDG_CACHE_HOME;
  const base =
    configured !== undefined && path.isAbsolute(configured)
      ? configured
      : path.join(environment.HOME ?? os.homedir(), ".cache");
  return path.join(base, "llm-platform", "sandbox");
}

/**
 * The programs of the sandbox if nothing has to be built, else `undefined`. Takes milliseconds.
 *
 * An `ollama` on PATH counts as built: it is used in place of the pinned one, which needs a C compiler.
 */
export function builtSandbox(
  props: Pick<BuildSandboxProps, "cacheDirectory" | "environment">,
): SandboxBinaries | undefined {
  const binaries: Partial<Record<ComponentName, string>> = {};
  for (const component of components()) {
    const binary = builtComponent(component, props);
    if (binary === undefined) return undefined;
    binaries[component.name] = binary;
  }
  return binaries as SandboxBinaries;
}

/** Whether {@link buildSandbox} would have nothing to do. */
export function sandboxIsBuilt(props: Pick<BuildSandboxProps, "cacheDirectory" | "environment">): boolean {
  return builtSandbox(props) !== undefined;
}

/**
 * Builds what is missing from the pinned Go modules and answers where everything lies.
 *
 * About nine minutes on two cores the first time, nothing afterwards. A component is built anew when
 * its go.mod, go.sum or link flags change. Clones that build at the same time share the work.
 *
 * @throws OperationError when Go or a compiler is missing or too old, or when a module cannot be had or built
 */
export async function buildSandbox(props: BuildSandboxProps): Promise<SandboxBinaries> {
  const ready = builtSandbox(props);
  if (ready !== undefined) return ready;

  const go = await findGo(props.environment);
  await mkdir(props.cacheDirectory, { recursive: true });
  const release = await lockCache(props);
  try {
    const missing = components().filter((component) => builtComponent(component, props) === undefined);
    if (missing.some(({ cgo }) => cgo)) await checkCompilers(go, props.environment);
    await removeUnfinished(props.cacheDirectory);
    for (const [position, component] of missing.entries()) {
      const report = (state: BuildProgress["state"], seconds: number) =>
        props.onProgress?.({
          component: component.name,
          state,
          index: position + 1,
          total: missing.length,
          seconds,
        });
      report("building", 0);
      const start = performance.now();
      await buildComponent(go, component, props);
      report("built", (performance.now() - start) / 1000);
    }
  } finally {
    await release();
  }
  const binaries = builtSandbox(props);
  if (binaries === undefined) {
    throw new OperationError(
      `the build ended, but ${props.cacheDirectory} does not hold every component: build again`,
    );
  }
  return binaries;
}

function builtComponent(
  component: Component,
  { cacheDirectory, environment }: Pick<BuildSandboxProps, "cacheDirectory" | "environment">,
): string | undefined {
  if (component.name === "ollama") {
    const installed = findProgram("ollama", environment);
    if (installed !== undefined) return installed;
  }
  const binary = path.join(cacheDirectory, key(component), component.name);
  return existsSync(binary) ? binary : undefined;
}

// Go verifies every module against go.sum, so these few inputs decide what comes out.
function key(component: Component): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(path.join(component.module, file)));
  hash.update(
    JSON.stringify([
      component.package,
      component.linkerFlags,
      component.cgo,
      process.platform,
      process.arch,
      1,
    ]),
  );
  return `${component.name}-${hash.digest("hex").slice(0, 16)}`;
}

async function buildComponent(go: string, component: Component, props: BuildSandboxProps): Promise<void> {
  const unfinished = await mkdtemp(path.join(props.cacheDirectory, UNFINISHED));
  try {
    await execa(
      go,
      // Given here rather than left to GOFLAGS, where a user's own -mod=vendor would break the build.
      [
        "build",
        "-trimpath",
        "-mod=readonly",
        `-ldflags=${component.linkerFlags}`,
        "-o",
        path.join(unfinished, component.name),
        component.package,
      ],
      {
        cwd: component.module,
        env: {
          ...props.environment,
          CGO_ENABLED: component.cgo ? "1" : "0",
          GOTOOLCHAIN: "local",
          // A go.work in some folder above would take these modules' place.
          GOWORK: "off",
        },
        extendEnv: false,
        stdin: "ignore",
      },
    );
    // The whole folder at once: what has its final name is complete.
    await rename(unfinished, path.join(props.cacheDirectory, key(component)));
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw new OperationError(buildFailure(component, error), { cause: error });
  }
}

const UNFINISHED = ".unfinished-";

async function removeUnfinished(cacheDirectory: string): Promise<void> {
  for (const name of await readdir(cacheDirectory)) {
    if (name.startsWith(UNFINISHED))
      await rm(path.join(cacheDirectory, name), { recursive: true, force: true });
  }
}

async function lockCache(props: BuildSandboxProps): Promise<() => Promise<void>> {
  const options = { lockfilePath: path.join(props.cacheDirectory, "build.lock"), stale: 15_000 };
  try {
    return await lockfile.lock(props.cacheDirectory, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
  }
  const first = components().find((component) => builtComponent(component, props) === undefined);
  props.onProgress?.({
    component: first?.name ?? "ollama",
    state: "waiting",
    index: 1,
    total: 1,
    seconds: 0,
  });
  const oneHour = 3600;
  return lockfile.lock(props.cacheDirectory, {
    ...options,
    retries: { retries: oneHour, factor: 1, minTimeout: 1000, maxTimeout: 1000 },
  });
}

function buildFailure(component: Component, error: unknown): string {
  const output = String((error as execa.ExecaError).stderr ?? (error as Error).message);
  const lines = output
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("go: downloading "))
    .slice(-12);
  const unreachable =
    /dial tcp|no such host|connection refused|i\/o timeout|proxyconnect|module lookup disabled/;
  const advice = unreachable.test(output)
    ? "the Go modules could not be downloaded: set GOPROXY to a module proxy that this machine reaches " +
      "(`go env -w GOPROXY=URL`), or deploy to minikube with `npm run deploy -- --environment minikube`"
    : `the same by hand: \`go build ${component.package}\` in ${component.module}`;
  return `${component.name} could not be built; ${advice}\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
