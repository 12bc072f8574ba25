import { App } from "cdktf";
import { loadSettings } from "./applications/load-settings";
import { engineOf } from "./settings/engine";
import { SettingsError } from "./settings/settings-error";
import { buildPlatform } from "./stacks/platform";
import { prepareWorkingDirectory } from "./stacks/working-directory";
import { writeWarnings } from "./stacks/write-warnings";

try {
  const settings = loadSettings(__dirname, process.env);
  const app = new App();
  const stacks = buildPlatform(app, settings);
  const { registry } = engineOf(settings.environment.engine, process.env);
  app.synth();
  for (const stack of stacks) prepareWorkingDirectory(__dirname, stack, registry);
  writeWarnings(app, stacks, settings);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
