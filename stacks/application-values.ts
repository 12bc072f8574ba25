import { librechatValues } from "../constructs/librechat";
import { ollamaValues } from "../constructs/ollama";
import { secretNameOf } from "../settings/credentials-source";
import type { Settings } from "../settings/load-settings";
import type { YamlMap } from "../settings/yaml-file";
import { modelServerPriority } from "./foundation-stack";

/** The values of an application as its release has them: those of its files, and what the environment decides. */
export function applicationValues(settings: Settings, application: string): YamlMap {
  const { environment, librechatConfig: config, librechatImage: image } = settings;
  const values = settings.values(application);
  switch (application) {
    case "ollama":
      return ollamaValues({ values, environment, priorityClassName: modelServerPriority });
    case "librechat":
      return librechatValues({
        values,
        config,
        image,
        environment,
        credentialsSecretName: secretNameOf(environment.credentials),
      });
    default:
      return values.values;
  }
}
