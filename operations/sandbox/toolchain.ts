import { accessSync, constants, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import execa from "execa";
import * as semver from "semver";
import { OperationError } from "../errors/operation-error";
import { type GoProgram, requiredGoVersion } from "./components";

/** Variables of a process, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

const INSTEAD =
  "or do without the sandbox: deploy to minikube with `npm run deploy -- --environment minikube`";

/**
 * The path of the Go command on `PATH`.
 *
 * @param wanted what it is to compile
 * @throws OperationError when it is missing, or older than the go.mod files ask for, or a compiler for C or C++ is missing
 */
export async function findGo(environment: Environment, wanted: readonly GoProgram[]): Promise<string> {
  const required = requiredGoVersion();
  const go = findProgram("go", environment);
  if (go === undefined) {
    throw new OperationError(
      `what cannot be downloaded is compiled with Go ${required} or newer, and there is no \`go\` on PATH: ` +
        `install Go from https://go.dev/dl; ${INSTEAD}`,
    );
  }
  // In a folder without a go.mod and with its own toolchain only: otherwise Go answers for a newer
  // version that it would first have to download.
  const { stdout } = await execa(go, ["version"], {
    cwd: os.tmpdir(),
    env: { ...environment, GOTOOLCHAIN: "local" },
    extendEnv: false,
    reject: false,
  });
  const found = /\bgo(\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1];
  // Development builds of Go call themselves "devel" and are newer than any release.
  const version = semver.coerce(found);
  if (version === null ? !stdout.includes("devel") : semver.lt(version, required)) {
    throw new OperationError(
      `what cannot be downloaded is compiled with Go ${required} or newer, and ${go} is ` +
        `${found === undefined ? `not a Go that says its version (it says "${stdout.trim()}")` : `Go ${found}`}: ` +
        `install a newer Go from https://go.dev/dl; ${INSTEAD}`,
    );
  }
  if (wanted.some(({ cgo }) => cgo)) await checkCompilers(go, environment);
  return go;
}

async function checkCompilers(go: string, environment: Environment): Promise<void> {
  const { stdout } = await execa(go, ["env", "CC", "CXX"], {
    cwd: os.tmpdir(),
    env: { ...environment, GOTOOLCHAIN: "local" },
    extendEnv: false,
  });
  for (const compiler of stdout.split("\n")) {
    const program = compiler.trim().split(/\s+/)[0];
    if (program !== undefined && program !== "" && findProgram(program, environment) === undefined) {
      throw new OperationError(
        `the sandbox's model server (Ollama) is not downloaded, but compiled with a C and a C++ compiler, and \`${program}\` is not on PATH: ` +
          "install it (Debian and Ubuntu: `apt install g++`; macOS: `xcode-select --install`), " +
          `or install Ollama itself (https://ollama.com/download): an \`ollama\` on PATH is used instead; ${INSTEAD}`,
      );
    }
  }
}

/** The path of an executable file on the environment's `PATH`; `undefined` when there is none. */
export function findProgram(name: string, environment: Environment): string | undefined {
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
