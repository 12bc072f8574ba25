import { lockedPlatforms, lockProviders } from "../terraform/lock-providers";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";
import { print } from "../terminal/print";

export const command = environmentCommand("providers", "the lock of Terraform's providers");

command
  .command("lock")
  .description("write the checksums of both providers into the lock")
  .option("--fs-mirror <directory>", "take the checksums from a filesystem mirror instead of the registry")
  .option("--platform <names...>", "platforms to lock", lockedPlatforms)
  .action(({ fsMirror, platform }) => lockProviders(repository, process.env, platform, fsMirror, print));
