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
  const folder = versionFolder(version, variables);
  return fs.existsSync(path.join(folder, "node")) ? folder : undefined;
}

/**
 * Installs a version of Node in the cache, once a machine, from npm's registry.
 *
 * @returns why npm could not, or `undefined`
 * @see https://www.npmjs.com/package/node, whose packages of the platforms these are
 */
export async function bringNode(version: string, variables: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (nodeFolder(version, variables)) return undefined;
  const folder = versionFolder(version, variables);
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const unfinished = fs.mkdtempSync(`${folder}-`);
  try {
    const { exitCode, stderr } = await runProgram(
      "npm",
      [
        ...["install", "--prefix", unfinished, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"],
        ...["--loglevel=error", "--fetch-retries=1", `${packageName()}@${version}`],
      ],
      { variables, cwd: unfinished },
    );
    if (exitCode !== 0) {
      // npm's first line is a code, such as E404; what follows is about the address, and advice.
      return `npm did not bring ${packageName()}: ${stderr.trim().split("\n")[0] || "it does not say why"}`;
    }
    // Whole or not at all, and the program alone: its headers are half as large again.
    fs.renameSync(path.join(unfinished, "node_modules", packageName(), "bin"), folder);
    return undefined;
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
}

function versionFolder(version: string, variables: NodeJS.ProcessEnv): string {
  return path.join(path.dirname(defaultCacheDirectory(variables)), "node", version);
}

/** The package of this platform: the one of macOS on ARM is called otherwise. */
function packageName(): string {
  const { platform, arch } = process;
  return `${platform === "darwin" && arch === "arm64" ? "node-bin" : "node"}-${platform}-${arch}`;
}
