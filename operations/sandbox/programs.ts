import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { InterruptedError } from "../errors/interrupted-error";
import { OperationError } from "../errors/operation-error";
import { compile } from "./compile";
import { type Component, COMPONENT_NAMES, type ComponentName, components } from "./components";
import type { DownloadFailure, DownloadProps } from "./download";
import { installedProgram, mayBeInstalled } from "./installed";
import { releaseFile, type ReleaseServers, releaseServers } from "./release-servers";
import { remainingSeconds } from "./remaining-time";
import { checkCompilers, type Environment, findGo } from "./toolchain";

/** The absolute path of each program of the sandbox. */
export type SandboxBinaries = Readonly<Record<ComponentName, string>>;

/** What {@link ProgramsProps.source} can be. */
export const PROGRAM_SOURCES = ["compile", "download"] as const;

/** Which programs a machine has, and where it gets those that it lacks. See {@link programsOf}. */
export interface ProgramsProps {
  /** Folder for the programs; one a machine, shared by all clones. See {@link defaultCacheDirectory}. */
  readonly cacheDirectory: string;
  /** Variables for Go, for proxies, and the PATH that is looked at. */
  readonly environment: Environment;
  /**
   * `compile`: only what was compiled here counts, and what is missing is compiled. `download`: what is missing is
   * downloaded, and nothing is compiled.
   *
   * @default - what is missing is downloaded, and compiled where that fails
   */
  readonly source?: (typeof PROGRAM_SOURCES)[number];
}

/** How far it is. */
export type ProgramsProgress =
  /** Another clone provides them at the moment. */
  | { readonly state: "waiting" }
  | {
      readonly state: "downloading";
      /** How many programs. */
      readonly programs: number;
      readonly bytes: number;
      /** Undefined as long as a server has not said it. */
      readonly totalBytes: number | undefined;
    }
  | {
      readonly state: "compiling";
      readonly component: ComponentName;
      /** 1 for the first of those that are compiled. */
      readonly index: number;
      /** How many are compiled. */
      readonly total: number;
      /** How much of this one is done, 0 to 1. */
      readonly fraction: number;
      /** Until all of them are. */
      readonly secondsLeft: number;
    };

export interface ProvideProgramsProps extends ProgramsProps {
  /** @default - those of the projects */
  readonly servers?: ReleaseServers;
  /** @default - see {@link DownloadProps} */
  readonly timeouts?: Pick<DownloadProps, "answerMs" | "pauseMs">;
  /** Aborted, it stops: what is finished stays. @default - nothing stops it */
  readonly signal?: AbortSignal;
  /** @default - silent */
  readonly onProgress?: (progress: ProgramsProgress) => void;
  /** Told in one line what was not as it should be, and what is done instead. @default - silent */
  readonly onNote?: (line: string) => void;
}

/**
 * What the environment of a process says of the programs.
 *
 * @throws OperationError when `SANDBOX_PROGRAMS` has a value that is not known
 */
export function programsOf(environment: Environment): ProgramsProps {
  const found = environment.SANDBOX_PROGRAMS;
  const source = PROGRAM_SOURCES.find((name) => name === found);
  if (found && !source) {
    throw new OperationError(
      `SANDBOX_PROGRAMS: found "${found}" (allowed: ${PROGRAM_SOURCES.join(", ")}; unset, what cannot be downloaded is compiled)`,
    );
  }
  return { cacheDirectory: defaultCacheDirectory(environment), environment, ...(source && { source }) };
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
 * The programs of the sandbox if all of them are here, else `undefined`. Takes milliseconds.
 *
 * What was compiled or downloaded for this machine goes first, then what fits on PATH.
 */
export function findPrograms(props: ProgramsProps): SandboxBinaries | undefined {
  const binaries = new Map<ComponentName, string>();
  const missing: Component[] = [];
  for (const component of components()) {
    const kept = keptProgram(component, props);
    if (kept) binaries.set(component.name, kept);
    else if (mayBeInstalled(component.name)) missing.push(component);
    else return undefined;
  }
  for (const component of missing) {
    const program = programOnPath(component, props);
    if (program === undefined) return undefined;
    binaries.set(component.name, program);
  }
  return Object.fromEntries(COMPONENT_NAMES.map((name) => [name, binaries.get(name)])) as SandboxBinaries;
}

/**
 * Provides the programs that are missing, and answers where all of them lie.
 *
 * What is missing is downloaded from its project's release server, which takes about a minute, verified by the checksum
 * that is published there. What cannot be is compiled from the pinned Go modules: about ten minutes on two cores for all.
 * Clones that do so at the same time share the work.
 *
 * @throws OperationError when something can neither be downloaded nor compiled, InterruptedError when it was stopped
 */
export async function providePrograms(props: ProvideProgramsProps): Promise<SandboxBinaries> {
  const ready = findPrograms(props);
  if (ready !== undefined) return ready;

  await mkdir(props.cacheDirectory, { recursive: true });
  try {
    const release = await lockCache(props);
    try {
      await removeUnfinished(props.cacheDirectory);
      const failures = props.source === "compile" ? [] : await download(props);
      await compileMissing(props, failures);
    } finally {
      await release();
    }
  } catch (error) {
    if (!props.signal?.aborted) throw error;
    const here = components().length - missingComponents(props).length;
    throw new InterruptedError(
      `stopped: ${here} of the sandbox's ${components().length} programs are here, and stay; the next run goes on where this one was`,
    );
  }
  const binaries = findPrograms(props);
  if (binaries === undefined) {
    throw new OperationError(
      `${props.cacheDirectory} does not hold every program that was put into it: run it again`,
    );
  }
  return binaries;
}

async function download(props: ProvideProgramsProps): Promise<DownloadFailure[]> {
  const wanted = missingComponents(props).flatMap((component) => {
    const file = releaseFile(component, props.servers ?? releaseServers, process.platform, process.arch);
    return file ? [{ name: component.name, file, directory: downloadedFolder(component, props) }] : [];
  });
  if (!wanted.length) return [];
  // Not at the top: most who look for a program have it, and an HTTP client takes its time to be loaded.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { downloadPrograms } = require("./download") as typeof import("./download");
  const failures = await downloadPrograms({
    ...props.timeouts,
    wanted,
    unfinishedPrefix: path.join(props.cacheDirectory, UNFINISHED),
    environment: props.environment,
    ...(props.signal && { signal: props.signal }),
    onProgress: (programs, bytes, totalBytes) =>
      props.onProgress?.({ state: "downloading", programs, bytes, totalBytes }),
  });
  if (failures.length && props.source !== "download") {
    props.onNote?.(`not downloaded, and compiled instead: ${describe(failures)}`);
  }
  return failures;
}

async function compileMissing(
  props: ProvideProgramsProps,
  failures: readonly DownloadFailure[],
): Promise<void> {
  const missing = missingComponents(props);
  const [first] = missing;
  if (first === undefined) return;
  const reasons = failures.length
    ? `; not downloaded: ${describe(failures)}; HTTPS_PROXY and NO_PROXY are honoured`
    : "";
  if (props.source === "download") {
    const unreleased = missing
      .map(({ name }) => name)
      .filter((name) => !failures.some((failure) => failure.name === name));
    const reasons = [
      ...(failures.length ? [describe(failures)] : []),
      ...(unreleased.length
        ? [`${unreleased.join(", ")} (not released for ${process.platform} on ${process.arch})`]
        : []),
    ];
    throw new OperationError(
      `SANDBOX_PROGRAMS is download, and not everything can be downloaded: ${reasons.join("; ")}; ` +
        "let the servers be reached (HTTPS_PROXY and NO_PROXY are honoured), or unset SANDBOX_PROGRAMS: it is compiled then",
    );
  }
  const { go } = await compilers(props, missing).catch((error: Error) => {
    throw error instanceof OperationError ? new OperationError(`${error.message}${reasons}`) : error;
  });

  const start = performance.now();
  for (const [position, component] of missing.entries()) {
    let fraction = 0;
    const report = (): void =>
      props.onProgress?.({
        state: "compiling",
        component: component.name,
        index: position + 1,
        total: missing.length,
        fraction,
        secondsLeft: remainingSeconds(
          missing.map(({ compileSeconds }, index) => ({
            expectedSeconds: compileSeconds,
            fraction: index < position ? 1 : index === position ? fraction : 0,
          })),
          (performance.now() - start) / 1000,
        ),
      });
    report();
    // Packages take seconds, and one with C++ in it a minute: the time goes on in between.
    const clock = setInterval(report, 1000);
    try {
      await compile({
        go,
        component,
        directory: compiledFolder(component, props),
        unfinishedPrefix: path.join(props.cacheDirectory, UNFINISHED),
        environment: props.environment,
        ...(props.signal && { signal: props.signal }),
        onProgress: (share) => {
          fraction = share;
          report();
        },
      });
    } finally {
      clearInterval(clock);
    }
  }
}

async function compilers(
  { environment }: ProgramsProps,
  missing: readonly Component[],
): Promise<{ go: string }> {
  const go = await findGo(environment);
  if (missing.some(({ cgo }) => cgo)) await checkCompilers(go, environment);
  return { go };
}

/** One line: `etcd, ollama (github.com: no answer in 4 s); helm (get.helm.sh: …)`. */
function describe(failures: readonly DownloadFailure[]): string {
  const causes = new Map<string, DownloadFailure[]>();
  for (const failure of failures) {
    causes.set(failure.reason, [...(causes.get(failure.reason) ?? []), failure]);
  }
  return [...causes]
    .map(([reason, group]) => {
      const servers = [...new Set(group.map(({ server }) => server))];
      // Where no server is reached, which programs these are says nothing.
      const names = group.length > 4 ? `${group.length} programs` : group.map(({ name }) => name).join(", ");
      return `${names} (${servers.join(", ")}: ${reason})`;
    })
    .join("; ");
}

function missingComponents(props: ProgramsProps): Component[] {
  return components().filter(
    (component) =>
      keptProgram(component, props) === undefined && programOnPath(component, props) === undefined,
  );
}

function keptProgram(component: Component, props: ProgramsProps): string | undefined {
  const folders = [
    compiledFolder(component, props),
    ...(props.source === "compile" ? [] : [downloadedFolder(component, props)]),
  ];
  return folders.map((folder) => path.join(folder, component.name)).find((program) => existsSync(program));
}

function programOnPath(
  component: Component,
  { source, environment, cacheDirectory }: ProgramsProps,
): string | undefined {
  return source === "compile" ? undefined : installedProgram(component, environment, cacheDirectory);
}

function downloadedFolder({ name, version }: Component, { cacheDirectory }: ProgramsProps): string {
  return path.join(cacheDirectory, `${name}-${version}-${process.platform}-${process.arch}`);
}

// Go verifies every module against go.sum, so these few inputs decide what comes out.
function compiledFolder(component: Component, { cacheDirectory }: ProgramsProps): string {
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
  return path.join(cacheDirectory, `${component.name}-${hash.digest("hex").slice(0, 16)}`);
}

const UNFINISHED = ".unfinished-";

async function removeUnfinished(cacheDirectory: string): Promise<void> {
  for (const name of await readdir(cacheDirectory)) {
    if (name.startsWith(UNFINISHED))
      await rm(path.join(cacheDirectory, name), { recursive: true, force: true });
  }
}

async function lockCache({
  cacheDirectory,
  onProgress,
  signal,
}: ProvideProgramsProps): Promise<() => Promise<void>> {
  for (;;) {
    try {
      return await lockfile.lock(cacheDirectory, {
        lockfilePath: path.join(cacheDirectory, "build.lock"),
        stale: 15_000,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    }
    onProgress?.({ state: "waiting" });
    await wait(1000, undefined, signal && { signal });
  }
}
