import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import { lockedProviders, providerLockFile } from "../../settings/provider-lock-file";
import type { Environment } from "../../settings/environment";
import { withTemporaryDirectory } from "../terminal/temporary-directory";
import { synthesize, workingDirectory } from "./cdktf";
import { terraform } from "./terraform";

/** Where people run the engine. */
export const lockedPlatforms = [
  "linux_amd64",
  "linux_arm64",
  "darwin_amd64",
  "darwin_arm64",
  "windows_amd64",
];

/**
 * Writes the checksums of both providers of an environment, for every platform, into the repository's lock, beside those of
 * other versions and of another engine's registry.
 *
 * @param mirror a directory in the layout of a filesystem mirror to take checksums from. @default - the registry
 * @throws OperationError when a provider cannot be had; the lock then stays as it was
 */
export async function lockProviders(
  root: string,
  environment: Environment,
  variables: NodeJS.ProcessEnv,
  platforms: readonly string[],
  mirror: string | undefined,
  print: (line: string) => void,
): Promise<void> {
  await withTemporaryDirectory(async (output) => {
    // The stack of the releases uses both providers.
    const context = { root, environment, variables, output };
    await synthesize(context);
    const stack = "llm-apps";
    const options = [
      ...platforms.map((platform) => `-platform=${platform}`),
      ...(mirror ? [`-fs-mirror=${path.resolve(mirror)}`] : []),
    ];
    const { exitCode, all } = await terraform(context, stack, ["providers", "lock", "-no-color", ...options]);
    if (exitCode !== 0) {
      // Of the engine's own advice half is wrong here: this one command asks no mirror of the CLI configuration.
      const advice = mirror
        ? "the directory has not all that was asked for: name fewer platforms with --platform, or another directory"
        : "the providers' registry is asked, whatever mirror is configured: run this where it answers, or take the checksums from a directory of packages: --fs-mirror DIRECTORY";
      throw new OperationError(`${all.trim()}\n${providerLockFile} was not changed: ${advice}`);
    }
    const written = path.join(workingDirectory(context, stack), providerLockFile);
    const found = lockedProviders(fs.readFileSync(written, "utf8"));
    const lock = path.join(root, providerLockFile);
    const text = fs.readFileSync(lock, "utf8");
    const isFound = (old: (typeof found)[number]): boolean =>
      found.some(({ address, version }) => address === old.address && version === old.version);
    const kept = lockedProviders(text).filter((old) => !isFound(old));
    const blocks = [...kept, ...found].map(({ block }) => block).sort();
    const header = text.match(/^(#.*\n)+/)?.[0] ?? "";
    fs.writeFileSync(lock, [header, ...blocks].join("\n"));
    const count = `${platforms.length} platform${platforms.length === 1 ? "" : "s"}`;
    print(`wrote the checksums of ${count} to ${providerLockFile}: commit it`);
  });
}
