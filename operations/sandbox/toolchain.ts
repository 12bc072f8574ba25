import { accessSync, constants, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import execa from "execa";
import * as semver from "semver";
import { OperationError } from "../errors/operation-error";
import { type GoProgram, requiredGoVersion } from "./components";

const INSTEAD =
  "or do without the sandbox: deploy to minikube with `npm run deploy -- --environment minikube`";

/**
 * The path of the Go command on `PATH`.
 *
 * @param wanted what it is to compile
 * @throws OperationError when it is missing, or older than the go.mod files ask for, or a compiler for C or C++ is missing
 */
export async function findGo(environment: NodeJS.ProcessEnv, wanted: readonly GoProgram[]): Promise<string> {
  const required = requiredGoVersion();
  const refusal = (found: string, next = "install Go from https://go.dev/dl"): OperationError =>
    new OperationError(
      `what cannot be downloaded is compiled with Go ${required} or newer, and ${found}: ${next}; ${INSTEAD}`,
      { found, next },
    );
  const go = findProgram("go", environment);
  if (go === undefined) throw refusal("there is no `go` on PATH");
  // In a folder without a go.mod and with its own toolchain only: otherwise Go answers for a newer
  // version that it would first have to download.
  const said = async (...args: string[]): Promise<string> => {
    const options = { cwd: os.tmpdir(), env: { ...environment, GOTOOLCHAIN: "local" }, extendEnv: false };
    return (await execa(go, args, { ...options, reject: false })).stdout;
  };
  const text = await said("version");
  const version = semver.coerce(/\bgo(\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1]);
  // Development builds of Go call themselves "devel" and are newer than any release.
  if (version ? semver.lt(version, required) : !text.includes("devel")) {
    throw refusal(
      `${go} is ${version ? `Go ${version.version}` : `not a Go that says its version (it says "${text.trim()}")`}`,
      "install a newer Go from https://go.dev/dl",
    );
  }
  if (!wanted.some(({ cgo }) => cgo)) return go;
  for (const compiler of (await said("env", "CC", "CXX")).split("\n")) {
    const program = compiler.trim().split(/\s+/)[0];
    if (program && !findProgram(program, environment)) {
      throw refusal(
        `Ollama, the sandbox's model server, with a C and a C++ compiler, and \`${program}\` is not on PATH`,
        "install it (Debian and Ubuntu: `apt install g++`; macOS: `xcode-select --install`), " +
          "or install Ollama itself (https://ollama.com/download): an `ollama` on PATH is used instead",
      );
    }
  }
  return go;
}

/** The path of an executable file on the environment's `PATH`; `undefined` when there is none. */
export function findProgram(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const candidates = name.includes(path.sep)
    ? [name]
    : (environment.PATH ?? "")
        .split(path.delimiter)
        .filter((folder) => folder !== "")
        .map((folder) => path.resolve(folder, name));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
}
