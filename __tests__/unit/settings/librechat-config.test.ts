import { loadLibrechatConfig } from "../../../settings/librechat-config";
import { failure } from "../failure";
import { repository, sampleRepository } from "../sample-repository";

const file = "values/config/librechat.yaml";
const endpoint = "endpoints.custom[0]";

/** The endpoint Ollama, with a line more. */
function withLine(line: string): string {
  const sample = sampleRepository();
  sample.edit(file, "      titleConvo: true\n", `      titleConvo: true\n      ${line}\n`);
  return sample.root;
}

test("the endpoint Ollama offers the environment's models by the names that Ollama lists", () => {
  expect(loadLibrechatConfig(repository, ["llama2", "qwen2.5:0.5b"])).toMatchObject({
    endpoints: {
      custom: [
        {
          name: "Ollama",
          models: { fetch: true, default: ["llama2:latest", "qwen2.5:0.5b"] },
          titleModel: "llama2:latest",
        },
      ],
    },
  });
});

test("what LibreChat's schema knows is left as it was written", () => {
  const sample = sampleRepository();
  sample.edit(file, "cache: true", "cache: true\nregistration:\n  allowedDomains: [example.com]");
  expect(loadLibrechatConfig(sample.root, ["llama2"])).toMatchObject({
    version: "1.3.13",
    cache: true,
    registration: { allowedDomains: ["example.com"] },
  });
});

test("another endpoint beside Ollama is left alone", () => {
  const sample = sampleRepository();
  const other = { name: "Other", apiKey: "x", baseURL: "https://other.test/v1", models: { default: ["m"] } };
  sample.edit(file, "    - name: Ollama\n", `    - ${JSON.stringify(other)}\n    - name: Ollama\n`);
  expect(loadLibrechatConfig(sample.root, ["llama2"])).toMatchObject({
    endpoints: { custom: [other, { titleModel: "llama2:latest" }] },
  });
});

test.each([
  [
    "that LibreChat no longer reads",
    "forcePrompt: true",
    "forcePrompt: LibreChat ignores this key: remove it",
  ],
  [
    "that is misspelt",
    "titelConvo: true",
    "titelConvo: LibreChat ignores this key, did you mean titleConvo?",
  ],
  [
    "that the environment decides",
    "titleModel: llama2",
    "titleModel: is decided by models in environments/NAME.yaml: remove it here",
  ],
])("fails on a key of the endpoint %s", (_what, line, message) => {
  expect(failure(() => loadLibrechatConfig(withLine(line), ["llama2"]))).toBe(
    `${file}: ${endpoint}.${message}`,
  );
});

test.each([
  [
    "an unknown key at the top",
    "cache: true",
    "registraton: {}",
    expect.stringMatching(
      /^values\/config\/librechat\.yaml: registraton: unknown key, did you mean registration\? \(allowed: version, .*, endpoints.*\)$/,
    ),
  ],
  [
    "a wrong type at the top",
    "cache: true",
    "cache: maybe",
    `${file}: cache: expected true or false, found "maybe"`,
  ],
  [
    "a version that YAML reads as a number",
    "version: 1.3.13",
    "version: 1.3",
    `${file}: version: expected a string, found 1.3: put it in quotes`,
  ],
  ["no version", "version: 1.3.13\n", "", `${file}: version: missing, expected a string`],
  [
    "a wrong type in a nested mapping",
    "fetch: true",
    "fetch: yes please",
    `${file}: ${endpoint}.models.fetch: expected true or false, found "yes please"`,
  ],
  [
    "models that the environment decides",
    "fetch: true",
    "default: [llama2]",
    `${file}: ${endpoint}.models.default: is decided by models in environments/NAME.yaml: remove it here`,
  ],
  [
    "models that are a list",
    "models:\n        fetch: true",
    "models: [llama2]",
    `${file}: ${endpoint}.models: expected a mapping such as { fetch: true }`,
  ],
  [
    "an endpoint of another name",
    "name: Ollama",
    "name: Olama",
    `${file}: endpoints.custom: no endpoint is named Ollama: without it LibreChat offers none of Ollama's models`,
  ],
  [
    "an endpoint without its address",
    "      baseURL: http://ollama.ollama.svc.cluster.local:11434/v1\n",
    "",
    `${file}: ${endpoint}.baseURL: missing: without it LibreChat offers none of Ollama's models`,
  ],
  [
    "an endpoint without its key",
    "      apiKey: ollama",
    "     ",
    `${file}: ${endpoint}.apiKey: missing: without it LibreChat offers none of Ollama's models`,
  ],
  [
    "a key that is there twice",
    "cache: true",
    "cache: true\ncache: true",
    `${file}:6:1: not valid YAML: duplicated mapping key`,
  ],
])("fails on %s", (_what, found, replacement, message) => {
  const sample = sampleRepository();
  sample.edit(file, found, replacement);
  expect(failure(() => loadLibrechatConfig(sample.root, ["llama2"]))).toEqual(message);
});

test.each([
  [
    "is empty",
    "",
    "endpoints.custom: no endpoint is named Ollama: without it LibreChat offers none of Ollama's models",
  ],
  [
    "has no endpoints of its own",
    "version: 1.3.13\nendpoints: { custom: {} }\n",
    "endpoints.custom: no endpoint is named Ollama: without it LibreChat offers none of Ollama's models",
  ],
  ["is a list", "- a\n", "expected a mapping of keys to values, found a list"],
])("fails on a file that %s", (_what, text, message) => {
  const sample = sampleRepository();
  sample.write(file, text);
  expect(failure(() => loadLibrechatConfig(sample.root, ["llama2"]))).toBe(`${file}: ${message}`);
});

test("fails on a file that is not there", () => {
  const sample = sampleRepository();
  sample.remove(file);
  expect(failure(() => loadLibrechatConfig(sample.root, ["llama2"]))).toBe(`${file}: no such file`);
});
