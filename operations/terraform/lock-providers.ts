import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import { providerLockFile } from "../../settings/provider-lock-file";
import { runProgram } from "../terminal/run-program";
import { withTemporaryDirectory } from "../terminal/temporary-directory";
import { adviceFor } from "./advice";
import { processEnvironment, synthesize, workingDirectory } from "./cdktf";
import { defaultEnvironment } from "../../settings/default-environment";
import { loadEnvironment } from "../../applications/load-environment";

/** Where people run Terraform. */
export const lockedPlatforms = [
  "linux_amd64",
  "linux_arm64",
  "darwin_amd64",
  "darwin_arm64",
  "windows_amd64",
];

/**
 * Writes the checksums of both providers, for every platform, into the repository's lock.
 *
 * @param mirror a directory in the layout of a filesystem mirror to take checksums from. @default - the registry
 * @throws OperationError when a provider cannot be had; the lock then stays as it was
 */
export async function lockProviders(
  root: string,
  variables: NodeJS.ProcessEnv,
  platforms: readonly string[],
  mirror: string | undefined,
  print: (line: string) => void,
): Promise<void> {
  await withTemporaryDirectory(async (output) => {
    // The stack of the releases uses both providers.
    const context = { root, environment: defaultEnvironment, variables, output };
    await synthesize(context);
    const directory = workingDirectory(context, "llm-apps");
    const options = [
      ...platforms.map((platform) => `-platform=${platform}`),
      ...(mirror ? [`-fs-mirror=${path.resolve(mirror)}`] : []),
    ];
    const { exitCode, all } = await runProgram("terraform", ["providers", "lock", "-no-color", ...options], {
      cwd: directory,
      variables: processEnvironment(context),
    });
    if (exitCode !== 0) {
      const advice = adviceFor(all, loadEnvironment(root, defaultEnvironment)) ?? "see above";
      throw new OperationError(
        `${all.trim()}\n${providerLockFile} was not changed: ${advice}; checksums can also come from a directory: --fs-mirror DIRECTORY`,
      );
    }
    const written = fs.readFileSync(path.join(directory, providerLockFile), "utf8");
    const lock = path.join(root, providerLockFile);
    const header = fs.readFileSync(lock, "utf8").match(/^(#.*\n)+/)?.[0] ?? "";
    fs.writeFileSync(lock, `${header}\n${written.slice(written.indexOf("provider "))}`);
    const count = `${platforms.length} platform${platforms.length === 1 ? "" : "s"}`;
    print(`wrote the checksums of ${count} to ${providerLockFile}: commit it`);
  });
}
