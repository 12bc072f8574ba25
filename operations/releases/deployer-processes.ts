import * as fs from "node:fs";
import * as path from "node:path";
import { runProgram } from "../terminal/run-program";

/** What a deploy starts, and what goes on by itself when the deploy is killed. */
const programs = ["terraform", "tofu", "helm"];

/**
 * Whether Terraform or Helm runs in a repository on this machine: of a deploy that was killed they end what they began.
 *
 * @param root the repository, absolute
 */
export async function deployerProcesses(root: string): Promise<"none" | "running" | "unknown"> {
  const found = process.platform === "linux" ? fromProc() : await fromLsof();
  if (!found) return "unknown";
  const inside = (directory: string) => directory === root || directory.startsWith(root + path.sep);
  return found.some(inside) ? "running" : "none";
}

/** Where the programs run that do. */
function fromProc(): string[] {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const program = fs.readFileSync(`/proc/${pid}/comm`, "utf8").trim();
        return programs.includes(program) ? [fs.readlinkSync(`/proc/${pid}/cwd`)] : [];
      } catch {
        // It has ended meanwhile, or is another user's.
        return [];
      }
    });
}

async function fromLsof(): Promise<string[] | undefined> {
  const names = programs.flatMap((program) => ["-c", program]);
  const { stdout, exitCode } = await runProgram("lsof", ["-a", "-d", "cwd", ...names, "-Fn"]);
  // It answers 1 where there is nothing to list.
  if (exitCode !== 0 && exitCode !== 1) return undefined;
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("n"))
    .map((line) => line.slice(1));
}
