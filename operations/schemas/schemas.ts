import * as fs from "node:fs";
import * as path from "node:path";
import { environmentJsonSchema } from "../../applications/environment-schema";
import type { Application } from "../../applications/application";
import { decidedKeys } from "../../applications/decided-keys";
import { applications } from "../../applications/registry";
import type { Contract } from "../../contracts/contract";
import { loadContract } from "../../contracts/contract-file";
import { kubernetesSchema, type KubernetesSchema } from "../../contracts/kubernetes-schema";
import { kubernetesDefinitions, kubernetesTypesSchema } from "../../contracts/kubernetes-json-schema";
import { valuesSchema } from "../../contracts/values-schema";
import { chartLockSchema, loadChartLock, pinnedChart } from "../../settings/chart-lock";
import { type JsonSchema, jsonSchemaOf, jsonSchemaText, refuseDecided } from "../../settings/json-schema";

/** The schema of the values files of an application. */
export function valuesSchemaFile(application: Application, contract: Contract) {
  const { name, title } = application;
  return schemaFile(
    `${name}-values.json`,
    `Values of ${title}, of the chart ${contract.name} ${contract.version}`,
    refuseDecided(valuesSchema(contract), decidedKeys(application, "NAME", name)),
  );
}

/** The schema of Kubernetes' own types, to which those of values refer. */
export function kubernetesTypesFile(schema: KubernetesSchema) {
  return schemaFile(kubernetesDefinitions, "Types of Kubernetes' objects", kubernetesTypesSchema(schema));
}

/**
 * The schemas of all that people write here in YAML.
 *
 * @param root the repository, absolute
 * @throws SettingsError when a chart that is pinned has no contract, or an application's own configuration has no known schema
 */
export function schemaFiles(root: string) {
  const charts = loadChartLock(root);
  return [
    schemaFile("environment.json", "An environment of the platform", environmentJsonSchema()),
    schemaFile("chart-lock.json", "The charts that are deployed", jsonSchemaOf(chartLockSchema)),
    ...applications.map((one) => {
      const { name, version } = pinnedChart(charts, one.chart);
      return valuesSchemaFile(one, loadContract(root, name, version));
    }),
    ...applications.flatMap((one) =>
      Object.entries(one.schemas?.(root, charts) ?? {}).map(([name, { title, schema }]) =>
        schemaFile(`${name}.json`, title, schema),
      ),
    ),
    kubernetesTypesFile(kubernetesSchema()),
  ];
}

/** One schema, by which an editor checks and completes a kind of YAML file: its file, relative to the repository, and text. */
function schemaFile(name: string, title: string, schema: JsonSchema) {
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
