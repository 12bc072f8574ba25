import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import path from "node:path";
import readline from "node:readline";
import execa from "execa";
import { OperationError } from "../errors/operation-error";
import type { Component } from "./components";
import type { Environment } from "./toolchain";

export interface CompileProps {
  /** The Go command. */
  readonly go: string;
  readonly component: Component;
  /** Folder that the program is put in, under its name; there is none yet. */
  readonly directory: string;
  /** Folder for what is unfinished, on the same file system as the program's folder. */
  readonly unfinishedPrefix: string;
  /** Variables for Go: PATH, HOME, GOPROXY and so on. */
  readonly environment: Environment;
  /** @default - nothing stops it */
  readonly signal?: AbortSignal;
  /** Told how much is done, 0 to 1: how many of the Go packages that Go's cache does not have. */
  readonly onProgress: (fraction: number) => void;
}

/**
 * Compiles a program from its pinned Go module, which Go verifies against go.sum.
 *
 * @throws OperationError when a module cannot be had or compiled, the reason of the signal when it is aborted; nothing
 * half done is left then but what is complete in Go's cache
 */
export async function compile(props: CompileProps): Promise<void> {
  const { component, directory, signal } = props;
  const unfinished = await mkdtemp(props.unfinishedPrefix);
  // What Go works in: a gigabyte, which a Go that is killed leaves behind.
  const scratch = path.join(unfinished, "go");
  try {
    await mkdir(scratch);
    const options = ["-trimpath", "-mod=readonly", `-ldflags=${component.linkerFlags}`];
    // It also downloads the modules.
    const listed = await runGo(props, scratch, [
      ...["list", ...options, "-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", component.package],
    ]);
    const missing = new Set(listed.split("\n").filter((line) => line !== ""));
    let compiled = 0;
    await runGo(
      props,
      scratch,
      ["build", "-v", ...options, "-o", path.join(unfinished, component.name), component.package],
      (line) => {
        if (missing.has(line)) props.onProgress(++compiled / (missing.size + 1));
      },
    );
    await rm(scratch, { recursive: true });
    // The whole folder at once: what has its final name is complete.
    await rename(unfinished, directory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    signal?.throwIfAborted();
    throw new OperationError(failure(component, error), { cause: error });
  }
}

async function runGo(
  { go, component, environment, signal }: CompileProps,
  scratch: string,
  // Options are given here rather than left to GOFLAGS, where a user's own -mod=vendor would break the build.
  args: readonly string[],
  onLine: (line: string) => void = () => undefined,
): Promise<string> {
  signal?.throwIfAborted();
  const running = execa(go, args, {
    cwd: component.module,
    env: {
      ...environment,
      CGO_ENABLED: component.cgo ? "1" : "0",
      GOTOOLCHAIN: "local",
      GOTMPDIR: scratch,
      // A go.work in some folder above would take these modules' place.
      GOWORK: "off",
    },
    extendEnv: false,
    stdin: "ignore",
    maxBuffer: 64 * 1024 * 1024,
    // With its compilers in a group of its own, which is ended as a whole. Without a signal it ends with this process.
    detached: signal !== undefined,
  });
  const end = (name: NodeJS.Signals): void => {
    try {
      if (running.pid !== undefined) process.kill(-running.pid, name);
    } catch {
      // It has ended by itself.
    }
  };
  // Interrupted, Go clears its work folder away.
  let patience: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    end("SIGINT");
    patience = setTimeout(() => end("SIGKILL"), 5000);
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  if (running.stderr) readline.createInterface(running.stderr).on("line", onLine);
  try {
    return (await running).stdout;
  } finally {
    clearTimeout(patience);
    signal?.removeEventListener("abort", onAbort);
  }
}

function failure(component: Component, error: unknown): string {
  const output = String((error as execa.ExecaError).stderr ?? (error as Error).message);
  const lines = output
    .trim()
    .split("\n")
    // What it says of its progress: modules that it downloads, packages that it compiles.
    .filter((line) => !line.startsWith("go: downloading ") && !/^[\w.~-]+(\/[\w.~-]+)*$/.test(line))
    .slice(-12);
  const unreachable =
    /dial tcp|no such host|connection refused|i\/o timeout|proxyconnect|module lookup disabled/;
  const advice = unreachable.test(output)
    ? "the Go modules could not be downloaded: set GOPROXY to a module proxy that this machine reaches " +
      "(`go env -w GOPROXY=URL`), or deploy to minikube with `npm run deploy -- --environment minikube`"
    : `the same by hand: \`go build ${component.package}\` in ${component.module}`;
  return `${component.name} could not be compiled; ${advice}\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
