import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { schemaFiles, writeSchemas } from "../../../../operations/schemas/schemas";
import type { JsonSchema } from "../../../../settings/json-schema";
import { repository, sampleRepository } from "../../sample-repository";
import { faultsOf, validator } from "../../validator";

const read = (file: string): string => fs.readFileSync(path.join(repository, file), "utf8");
const schemas = schemaFiles(repository);

test.each(schemas)("$file is what npm run schema makes", ({ file, text }) => {
  if (process.env.UPDATE_DOCS) fs.writeFileSync(path.join(repository, file), text);
  expect(read(file)).toBe(text);
});

test("there is no schema that npm run schema does not make", () => {
  const made = schemas.map(({ file }) => path.basename(file));
  expect(fs.readdirSync(path.join(repository, "schemas")).sort()).toEqual(made.sort());
});

/** The YAML files that people write, and the schema of each. */
const written = ["environments", "values", "values/config", "charts"].flatMap((directory) =>
  fs
    .readdirSync(path.join(repository, directory))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => [`${directory}/${file}`, schemaOf(directory, file)] as const),
);

function schemaOf(directory: string, file: string): string {
  if (directory === "environments") return "environment.json";
  if (directory === "charts") return "chart-lock.json";
  const [application] = file.split(".");
  return directory === "values" ? `${application}-values.json` : `${application}-config.json`;
}

const named = validator();
for (const { file, text } of schemas) {
  named.addSchema({ $id: path.basename(file), ...(JSON.parse(text) as JsonSchema) });
}

function faults(schema: string, yaml: string): string[] {
  const validate = named.getSchema(schema);
  if (!validate) throw new Error(`${schema} is not among ${schemas.map(({ file }) => file).join(", ")}`);
  return faultsOf(validate, load(yaml));
}

test.each(written)("%s names its schema, and fits it", (file, schema) => {
  const [first] = read(file).split("\n");
  const way = path.relative(path.dirname(file), `schemas/${schema}`);
  expect(first).toBe(`# yaml-language-server: $schema=${way}`);
  expect(faults(schema, read(file))).toEqual([]);
});

test.each([
  ["ollama-values.json", "resuorces: {}", " must NOT have additional properties"],
  ["ollama-values.json", "resources: { limit: {} }", "/resources must NOT have additional properties"],
  ["ollama-values.json", "service: { port: http }", '/service/port must match pattern "^[1-9]\\d*$"'],
  ["ollama-values.json", "ingress: { enabled: true }", "/ingress/enabled must be equal to constant"],
  ["ollama-values.json", "priorityClassName: high", "/priorityClassName must be equal to constant"],
  ["librechat-values.json", "ingress: { enabled: true, ingressClass: a }", "/ingress/ingressClass must be null"],
  ["ollama-values.json", "ollama: { models: { pull: [llama2] } }", "/ollama/models/pull must be equal to constant"],
  [
    "librechat-values.json",
    "librechat: { configEnv: { DOMAIN_CLIENT: x } }",
    "/librechat/configEnv/DOMAIN_CLIENT must be null",
  ],
  ["librechat-values.json", "librechat: { configEnv: { JWT_SECRET: x } }", "/librechat/configEnv/JWT_SECRET must be null"],
  ["librechat-values.json", "config: { APP_TITLE: Chat }", " must NOT have additional properties"],
  ["librechat-config.json", "version: 1.2\ncahce: true", " must NOT have additional properties"],
  ["librechat-config.json", "version: 1.2.1\ninterface: { agents: true }", "/interface/agents must be null"],
  ["chart-lock.json", "ollama: { repository: https://x.y, version: ^1.0.0 }", '/ollama/version must match pattern "^\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?$"'],
])("%s refuses %s", (schema, yaml, fault) => {
  expect(faults(schema, yaml)).toContain(fault);
});

test.each([
  ["ollama-values.json", "ingress: { enabled: false, annotations: {} }"],
  ["ollama-values.json", "ollama: { gpu: { enabled: false, number: 1 }, models: { pull: [] } }"],
  ["librechat-values.json", "ingress: { enabled: true }"],
])("%s takes what the chart has anyway of what is decided elsewhere: %s", (schema, yaml) => {
  expect(faults(schema, yaml)).toEqual([]);
});

test("writes what is missing or not as it should be, and says so", () => {
  const { root } = sampleRepository();
  const printed = (): string[] => {
    const lines: string[] = [];
    writeSchemas(root, (line) => lines.push(line));
    return lines;
  };
  expect(printed()).toEqual(schemas.map(({ file }) => `${file}: written`));
  fs.appendFileSync(path.join(root, "schemas/environment.json"), "\n");
  expect(printed().filter((line) => line.endsWith("written"))).toEqual(["schemas/environment.json: written"]);
  expect(fs.readFileSync(path.join(root, "schemas/environment.json"), "utf8")).toBe(schemas[0]?.text);
});
