import { sandboxDirectory } from "../../operations/sandbox/sandbox-environment";
import { repository } from "../../operations/command-line/repository";
import { buildSandbox, defaultCacheDirectory } from "../../operations/sandbox/build";
import { resumeSandbox } from "../../operations/sandbox/sandbox";

void buildSandbox({ cacheDirectory: defaultCacheDirectory(process.env), environment: process.env }).then(
  (binaries) => resumeSandbox({ directory: sandboxDirectory(repository), binaries, models: ["tiny"] }),
);
