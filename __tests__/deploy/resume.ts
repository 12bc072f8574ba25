import { sandboxDirectory } from "../../operations/sandbox-environment";
import { repository } from "../../operations/repository";
import { buildSandbox, defaultCacheDirectory } from "../../sandbox/build";
import { resumeSandbox } from "../../sandbox/sandbox";

void buildSandbox({ cacheDirectory: defaultCacheDirectory(process.env), environment: process.env }).then(
  (binaries) => resumeSandbox({ directory: sandboxDirectory(repository), binaries, models: ["tiny"] }),
);
