import * as fs from "node:fs";
import * as path from "node:path";
import { environmentJsonSchema } from "../../applications/environment-schema";
import { librechatConfigSchema } from "../../applications/librechat/config-schema";
import type { Application } from "../../applications/application";
import { applications } from "../../applications/registry";
import { type Contract, loadContract } from "../../contracts/contract";
import { kubernetesSchema, type KubernetesSchema } from "../../contracts/kubernetes-schema";
import { kubernetesDefinitions, kubernetesTypesSchema } from "../../contracts/kubernetes-json-schema";
import { valuesSchema } from "../../contracts/values-schema";
import { chartLockSchema, loadChartLock, pinnedChart } from "../../settings/chart-lock";
import { credentialsSecretName } from "../../settings/credentials";
import { type JsonSchema, jsonSchemaOf, jsonSchemaText, refuseDecided } from "../../settings/json-schema";

/** One schema, by which an editor checks and completes a kind of YAML file. */
export interface SchemaFile {
  /** Relative to the repository. */
  readonly file: string;
  readonly text: string;
}

/** The schema of the values files of an application. */
export function valuesSchemaFile({ name, title, decided }: Application, contract: Contract): SchemaFile {
  const elsewhere = decided?.({
    settings: { environment: { name: "NAME" } },
    release: { name },
    credentialsSecretName,
  });
  return schemaFile(
    `${name}-values.json`,
    `Values of ${title}, of the chart ${contract.name} ${contract.version}`,
    refuseDecided(valuesSchema(contract), elsewhere ?? {}),
  );
}

/** The schema of Kubernetes' own types, to which those of values refer. */
export function kubernetesTypesFile(schema: KubernetesSchema): SchemaFile {
  return schemaFile(kubernetesDefinitions, "Types of Kubernetes' objects", kubernetesTypesSchema(schema));
}

/**
 * The schemas of all that people write here in YAML.
 *
 * @param root the repository, absolute
 * @throws SettingsError when a chart that is pinned has no contract, or no schema is known for LibreChat's configuration
 */
export function schemaFiles(root: string): SchemaFile[] {
  const charts = loadChartLock(root);
  return [
    schemaFile("environment.json", "An environment of the platform", environmentJsonSchema()),
    schemaFile("chart-lock.json", "The charts that are deployed", jsonSchemaOf(chartLockSchema)),
    ...applications.map((one) => {
      const { name, version } = pinnedChart(charts, one.chart);
      return valuesSchemaFile(one, loadContract(root, name, version));
    }),
    schemaFile("librechat-config.json", "LibreChat's own configuration", librechatConfigSchema(root, charts)),
    kubernetesTypesFile(kubernetesSchema()),
  ];
}

function schemaFile(name: string, title: string, schema: JsonSchema): SchemaFile {
  return { file: `schemas/${name}`, text: jsonSchemaText(title, schema) };
}

/** Writes all schemas, and says which are not as they were. */
export function writeSchemas(root: string, print: (line: string) => void): void {
  for (const { file, text } of schemaFiles(root)) {
    const target = path.join(root, file);
    const isSame = fs.existsSync(target) && fs.readFileSync(target, "utf8") === text;
    if (!isSame) {
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, text);
    }
    print(`${file}: ${isSame ? "as it was" : "written"}`);
  }
}
