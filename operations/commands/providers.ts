import { lockedPlatforms, lockProviders } from "../terraform/lock-providers";
import { contextOf, environmentCommand } from "../command-line/environment-option";
import { print } from "../terminal/print";

export const command = environmentCommand("providers", "the lock of the providers");

command
  .command("lock")
  .description("write the checksums of both providers into the lock")
  .option("--fs-mirror <directory>", "take the checksums from a filesystem mirror instead of the registry")
  .option("--platform <names...>", "platforms to lock", lockedPlatforms)
  .action(({ fsMirror, platform }) => {
    const { root, environment, variables } = contextOf(command.opts().environment);
    return lockProviders(root, environment, variables, platform, fsMirror, print);
  });
