import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import execa from "execa";
import { OperationError } from "../errors/operation-error";
import { completeFolder } from "./complete-folder";
import type { GoProgram } from "./components";

export interface CompileProps {
  /** The Go command. */
  readonly go: string;
  readonly component: GoProgram;
  /** Folder that the program is put in, under its name; there is none yet. */
  readonly directory: string;
  /** Variables for Go: PATH, HOME, GOPROXY and so on. */
  readonly environment: NodeJS.ProcessEnv;
  /** @default - nothing stops it */
  readonly signal?: AbortSignal;
}

/**
 * Compiles a program from its pinned Go module, which Go verifies against go.sum.
 *
 * @throws OperationError when a module cannot be had or compiled, the reason of the signal when it is aborted; nothing
 * half done is left then but what is complete in Go's cache
 */
export async function compile(props: CompileProps): Promise<void> {
  const { component, directory, signal } = props;
  await completeFolder(directory, async (unfinished) => {
    // What Go works in: a gigabyte, which a Go that is killed leaves behind.
    const scratch = path.join(unfinished, "go");
    await mkdir(scratch);
    try {
      await build(props, scratch, path.join(unfinished, component.name));
    } catch (error) {
      signal?.throwIfAborted();
      throw new OperationError(failure(component, error), { cause: error });
    }
    await rm(scratch, { recursive: true });
  });
}

async function build(
  { go, component, environment, signal }: CompileProps,
  scratch: string,
  program: string,
): Promise<void> {
  signal?.throwIfAborted();
  // Options are given here rather than left to GOFLAGS, where a user's own -mod=vendor would break the build.
  const options = ["-trimpath", "-mod=readonly", `-ldflags=${component.linkerFlags}`, "-o", program];
  const running = execa(go, ["build", ...options, component.package], {
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
  try {
    await running;
  } finally {
    clearTimeout(patience);
    signal?.removeEventListener("abort", onAbort);
  }
}

function failure(component: GoProgram, error: unknown): string {
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
  return `${component.name} could not be compiled; ${advice}\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
