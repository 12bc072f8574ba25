import * as fs from "node:fs";
import * as path from "node:path";
import { defaultCacheDirectory } from "../sandbox/programs";
import { runProgram } from "../terminal/run-program";

/**
 * The folder with the program `node` of a version, to be put first on PATH, or `undefined` where it was not brought yet.
 *
 * @param version such as `24.21.0`
 * @param variables the process's environment, which says where the cache is
 */
export function nodeFolder(version: string, variables: NodeJS.ProcessEnv): string | undefined {
  // npm links the program when all of it is there.
  const folder = path.join(prefix(version, variables), "node_modules", ".bin");
  return fs.existsSync(path.join(folder, "node")) ? folder : undefined;
}

/**
 * Installs a version of Node in the cache, once a machine, from npm's registry.
 *
 * @returns why npm could not, or `undefined`
 * @see https://www.npmjs.com/package/node, whose packages of the platforms these are
 */
export async function bringNode(version: string, variables: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { platform, arch } = process;
  // The one of macOS on ARM is called otherwise.
  const name = `${platform === "darwin" && arch === "arm64" ? "node-bin" : "node"}-${platform}-${arch}`;
  const { exitCode, stderr } = await runProgram(
    "npm",
    [
      ...["install", "--prefix", prefix(version, variables), "--no-save", "--ignore-scripts", "--no-audit"],
      ...["--no-fund", "--loglevel=error", "--fetch-retries=1", `${name}@${version}`],
    ],
    { variables },
  );
  // npm's first line is a code, such as E404; what follows is about the address, and advice.
  const reason = stderr.trim().split("\n")[0] || "it does not say why";
  return exitCode === 0 ? undefined : `npm did not bring ${name}: ${reason}`;
}

function prefix(version: string, variables: NodeJS.ProcessEnv): string {
  return path.join(path.dirname(defaultCacheDirectory(variables)), "node", version);
}
