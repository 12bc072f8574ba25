import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { InterruptedError } from "../errors/interrupted-error";
import { fileError } from "../errors/file-error";
import { OperationError } from "../errors/operation-error";
import { homeDirectory } from "../terminal/home-directory";
import { compile } from "./compile";
import { removeUnfinished } from "./complete-folder";
import { chartProbe, type Component, type ComponentName, components, type GoProgram } from "./components";
import type { DownloadFailure, DownloadProps } from "./download";
import { installedProgram } from "./installed";
import { releaseFile, type ReleaseServers, releaseServers } from "./release-servers";
import { findGo } from "./toolchain";

/** The absolute path of each program of the sandbox. */
export type SandboxBinaries = Readonly<Record<ComponentName, string>>;

/** What {@link ProgramsProps.source} can be. */
export const PROGRAM_SOURCES = ["compile", "download"] as const;

/** Which programs a machine has, and where it gets those that it lacks. See {@link programsOf}. */
export interface ProgramsProps {
  /** Folder for the programs; one a machine, shared by all clones. See {@link defaultCacheDirectory}. */
  readonly cacheDirectory: string;
  /** Variables for Go, for proxies, and the PATH that is looked at. */
  readonly environment: NodeJS.ProcessEnv;
  /**
   * `compile`: only what was compiled here counts, and what is missing is compiled. `download`: what is missing is
   * downloaded, and nothing is compiled.
   *
   * @default - what is missing is downloaded, and compiled where that fails
   */
  readonly source?: (typeof PROGRAM_SOURCES)[number];
}

export interface ProvideProgramsProps extends ProgramsProps {
  /** @default - those of the projects */
  readonly servers?: ReleaseServers;
  /** @default - see {@link DownloadProps} */
  readonly timeouts?: Pick<DownloadProps, "answerMs" | "pauseMs">;
  /** Aborted, it stops: what is finished stays. @default - nothing stops it */
  readonly signal?: AbortSignal;
  /**
   * Told what is going on, in at most 68 characters: beside a spinner and a title they fit a terminal of 80 columns.
   *
   * @param stage the same for as long as no new line is worth writing where lines stay. @default - the detail
   * @default - silent
   */
  readonly onProgress?: (detail: string, stage?: string) => void;
  /** Told in one line what was not as it should be, and what is done instead. @default - silent */
  readonly onNote?: (line: string) => void;
}

/**
 * What the environment of a process says of the programs.
 *
 * @throws OperationError when `SANDBOX_PROGRAMS` has a value that is not known
 */
export function programsOf(environment: NodeJS.ProcessEnv): ProgramsProps {
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
export function defaultCacheDirectory(environment: NodeJS.ProcessEnv): string {
  const configured = environment.XDG_CACHE_HOME;
  const base =
    configured !== undefined && path.isAbsolute(configured)
      ? configured
      : path.join(environment.HOME || homeDirectory(), ".cache");
  return path.join(base, "llm-platform", "sandbox");
}

/**
 * The programs of the sandbox if all of them are here, else `undefined`.
 *
 * What was compiled or downloaded for this machine goes first, then what fits on PATH.
 */
export function findPrograms(props: ProgramsProps): SandboxBinaries | undefined {
  const found = components().map((component) => [component.name, findOne(component, props)]);
  return found.every(([, program]) => program) ? (Object.fromEntries(found) as SandboxBinaries) : undefined;
}

/** One of the programs, where it is here. */
export function findProgramNamed(name: ComponentName, props: ProgramsProps): string | undefined {
  const component = components().find((one) => one.name === name);
  return component && findOne(component, props);
}

function findOne(component: Component, props: ProgramsProps): string | undefined {
  const { source, environment } = props;
  const folders = [
    compiledFolder(component, props),
    ...(source === "compile" ? [] : [downloadedFolder(component, props)]),
  ];
  const kept = folders.map((folder) => path.join(folder, component.name)).find((file) => existsSync(file));
  return kept ?? (source === "compile" ? undefined : installedProgram(component, environment));
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
  return findPrograms(props) as SandboxBinaries;
}

/** The program that renders charts to prove their contracts, where it was compiled. */
export function findChartProbe(props: ProgramsProps): string | undefined {
  const component = chartProbe();
  const program = path.join(compiledFolder(component, props), component.name);
  return existsSync(program) ? program : undefined;
}

/**
 * Provides the program that renders charts to prove their contracts, compiled at the first time: about two minutes.
 *
 * @throws OperationError when there is no Go, or it cannot be compiled
 */
export async function provideChartProbe(
  props: Omit<ProvideProgramsProps, "source" | "servers" | "timeouts">,
): Promise<string> {
  const component = chartProbe();
  const { environment, signal, onProgress } = props;
  const directory = compiledFolder(component, props);
  const found = findChartProbe(props);
  if (found !== undefined) return found;
  const go = await findGo(environment, [component]);
  const release = await lockCache(props);
  try {
    if (findChartProbe(props) === undefined) {
      onProgress?.(`compiling ${component.name}`);
      await compile({ go, component, directory, environment, ...(signal && { signal }) });
    }
  } finally {
    await release();
  }
  return path.join(directory, component.name);
}

async function download(props: ProvideProgramsProps): Promise<DownloadFailure[]> {
  const wanted = missingComponents(props).map((component) => ({
    name: component.name,
    file: releaseFile(component, props.servers ?? releaseServers, process.platform, process.arch),
    directory: downloadedFolder(component, props),
  }));
  // Not at the top: most who look for a program have it, and an HTTP client takes its time to be loaded.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { downloadPrograms } = require("./download") as typeof import("./download");
  const failures = await downloadPrograms({
    ...props.timeouts,
    wanted,
    environment: props.environment,
    ...(props.signal && { signal: props.signal }),
    onProgress: (programs, bytes, totalBytes) => {
      const of = totalBytes === undefined ? "" : ` of ${Math.ceil(totalBytes / MB)}`;
      const quarter = Math.floor((4 * bytes) / (totalBytes ?? Infinity));
      props.onProgress?.(
        `downloading ${programs} of them: ${Math.floor(bytes / MB)}${of} MB`,
        `downloading ${quarter}`,
      );
    },
  });
  const refused = failures.filter(({ server }) => server !== undefined);
  if (refused.length && props.source !== "download") {
    props.onNote?.(`not downloaded, and compiled instead: ${describe(refused)}`);
  }
  return failures;
}

const MB = 1_000_000;

async function compileMissing(
  props: ProvideProgramsProps,
  failures: readonly DownloadFailure[],
): Promise<void> {
  const { environment, signal } = props;
  const missing = missingComponents(props);
  if (!missing.length) return;
  if (props.source === "download") {
    throw new OperationError(
      `SANDBOX_PROGRAMS is download, and not everything can be downloaded: ${describe(failures)}; ` +
        "let the servers be reached (HTTPS_PROXY and NO_PROXY are honoured), or unset SANDBOX_PROGRAMS: it is compiled then",
    );
  }
  const go = await findGo(environment, missing).catch((error: Error) => {
    if (!failures.length) throw error;
    throw new OperationError(
      `${error.message}; not downloaded: ${describe(failures)}; HTTPS_PROXY and NO_PROXY are honoured`,
    );
  });
  for (const [index, component] of missing.entries()) {
    props.onProgress?.(`compiling ${component.name}, ${index + 1} of ${missing.length}`);
    const directory = compiledFolder(component, props);
    await compile({ go, component, directory, environment, ...(signal && { signal }) });
  }
}

/** One line: `etcd, ollama (github.com: no answer in 4 s); helm (get.helm.sh: …)`. */
function describe(failures: readonly DownloadFailure[]): string {
  const causes = new Map<string, DownloadFailure[]>();
  for (const failure of failures) {
    causes.set(failure.reason, [...(causes.get(failure.reason) ?? []), failure]);
  }
  return [...causes]
    .map(([reason, group]) => {
      const servers = [...new Set(group.flatMap(({ server }) => server ?? []))].join(", ");
      // Where no server is reached, which programs these are says nothing.
      const names = group.length > 4 ? `${group.length} programs` : group.map(({ name }) => name).join(", ");
      return `${names} (${[servers, reason].filter(Boolean).join(": ")})`;
    })
    .join("; ");
}

function missingComponents(props: ProgramsProps): Component[] {
  return components().filter((component) => findOne(component, props) === undefined);
}

function downloadedFolder({ name, version }: Component, { cacheDirectory }: ProgramsProps): string {
  return path.join(cacheDirectory, `${name}-${version}-${process.platform}-${process.arch}`);
}

// Go verifies every module against go.sum, so these few inputs decide what comes out, with the sources that are here.
function compiledFolder(component: GoProgram, { cacheDirectory }: ProgramsProps): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", ...ownSources(component)]) {
    hash.update(readFileSync(path.join(component.module, file)));
  }
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

/** The sources of a program that is this project's own, relative to its module. */
function ownSources({ module, package: folder }: GoProgram): string[] {
  if (!folder.startsWith("./")) return [];
  return readdirSync(path.join(module, folder))
    .sort()
    .map((file) => path.join(folder, file));
}

async function lockCache({
  cacheDirectory,
  onProgress,
  signal,
}: ProvideProgramsProps): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await mkdir(cacheDirectory, { recursive: true });
      return await lockfile.lock(cacheDirectory, {
        lockfilePath: path.join(cacheDirectory, "build.lock"),
        stale: 15_000,
      });
    } catch (error) {
      const unwritable = fileError(error);
      if (unwritable) {
        throw new OperationError(
          `${cacheDirectory}: the sandbox's programs cannot be kept there (${unwritable.code}: ${unwritable.why}): name another folder with XDG_CACHE_HOME, then run this again`,
        );
      }
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    }
    onProgress?.("waiting for another clone, which provides them");
    await wait(1000, undefined, signal && { signal });
  }
}
