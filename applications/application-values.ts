import { librechatValues } from "./librechat";
import { librechatFiles } from "./librechat/config";
import { modelServerPriority, ollamaValues } from "./ollama";
import { secretNameOf } from "../settings/credentials-source";
import type { Settings } from "../settings/load-settings";
import type { YamlMap } from "../settings/yaml-file";

/** The values of an application as its release has them: those of its files, and what the environment decides. */
export function applicationValues(settings: Settings, application: string): YamlMap {
  const { environment } = settings;
  const values = settings.values(application);
  switch (application) {
    case "ollama":
      return ollamaValues({ values, environment, priorityClassName: modelServerPriority });
    case "librechat":
      return librechatValues({
        values,
        ...librechatFiles(settings),
        environment,
        credentialsSecretName: secretNameOf(environment.credentials),
      });
    default:
      return values.values;
  }
}
