import { releasesOf } from "../../../../applications/releases";
import type { LibrechatSettings } from "../../../../applications/librechat/settings";
import { releaseOf } from "../../release-of";
import { loadSettings } from "../../../../applications/load-settings";
import { loadEnvironment } from "../../../../applications/load-environment";
import { librechatFiles, loadLibrechatConfig } from "../../../../applications/librechat/config";
import { librechatSchema } from "../../../../applications/librechat/schemas";
import type { YamlMap } from "../../../../settings/yaml-file";
import { failure } from "../../failure";
import { repository, sampleRepository } from "../../sample-repository";

const file = "values/config/librechat.yaml";
/** How a message about the endpoint Ollama begins. */
const endpoint = (line: number, key: string): string =>
  `${file}:${line}: endpoints.custom[0].${key} (endpoint Ollama)`;

const where = "environments/minikube.yaml";

/** The configuration for the environment minikube, whose models are llama2 and codellama. */
function load(root = repository, imageTag = "v0.8.7"): YamlMap {
  const environment = loadEnvironment(root, "minikube");
  return loadLibrechatConfig({
    root,
    environment: environment.name,
    release: releaseOf(environment, "librechat"),
    models: [releaseOf(environment, "ollama")],
    schema: librechatSchema(imageTag, "values/librechat.yaml: image.tag"),
  });
}

/** The same with text of the file replaced. */
function loadEdited(found: string, replacement: string): YamlMap {
  const sample = sampleRepository();
  sample.edit(file, found, replacement);
  return load(sample.root);
}

/** The same with settings of LibreChat in the environment. */
function loadWith(settings: string, more = ""): YamlMap {
  const sample = sampleRepository();
  sample.edit(where, "  librechat:\n", `  librechat:\n    ${settings}\n`);
  if (more) sample.edit(file, "cache: true", `cache: true\n${more}`);
  return load(sample.root);
}

/** The endpoint Ollama, with a line more. */
function withLine(line: string): string {
  const sample = sampleRepository();
  sample.edit(file, "      titleConvo: true\n", `      titleConvo: true\n      ${line}\n`);
  return sample.root;
}

test("LibreChat offers the models of whichever environment it is, at the address of their release", () => {
  const settings = loadSettings(repository, { ENVIRONMENT: "minikube-cpu" });
  const release = releaseOf<LibrechatSettings>(settings.environment, "librechat");
  const releases = releasesOf(settings.environment);
  expect(librechatFiles({ settings, release, releases, files: settings.values("librechat") })).toMatchObject({
    image: "registry.librechat.ai/danny-avila/librechat:v0.8.7",
    config: {
      endpoints: {
        custom: [
          {
            baseURL: "http://ollama.ollama.svc.cluster.local:11434/v1",
            models: { default: ["qwen2.5:0.5b"] },
          },
        ],
      },
    },
  });
});

test("the endpoint Ollama offers the environment's models by the names that Ollama lists", () => {
  expect(load()).toMatchObject({
    endpoints: {
      custom: [
        {
          name: "Ollama",
          models: { fetch: true, default: ["llama2:latest", "codellama:latest"] },
          titleModel: "llama2:latest",
        },
      ],
    },
  });
});

test("what LibreChat's schema knows is left as it was written", () => {
  const sample = sampleRepository();
  sample.edit(file, "cache: true", "cache: true\nregistration:\n  socialLogins: [github]");
  expect(load(sample.root)).toMatchObject({
    version: "1.3.13",
    cache: true,
    registration: { socialLogins: ["github"] },
  });
});

test("another endpoint beside Ollama is left alone", () => {
  const sample = sampleRepository();
  const other = { name: "Other", apiKey: "x", baseURL: "https://other.test/v1", models: { default: ["m"] } };
  sample.edit(file, "    - name: Ollama\n", `    - ${JSON.stringify(other)}\n    - name: Ollama\n`);
  expect(load(sample.root)).toMatchObject({
    endpoints: { custom: [other, { titleModel: "llama2:latest" }] },
  });
});

test.each([
  [
    "that LibreChat no longer reads",
    "forcePrompt: true",
    "forcePrompt",
    "LibreChat v0.8.7 ignores this key: remove it",
  ],
  [
    "that is misspelt",
    "titelConvo: true",
    "titelConvo",
    "LibreChat v0.8.7 ignores this key, did you mean titleConvo?",
  ],
  [
    "that the environment decides",
    "titleModel: llama2",
    "titleModel",
    `is decided by applications.ollama in ${where}: remove it here`,
  ],
])("fails on a key of the endpoint %s", (_what, line, key, message) => {
  expect(failure(() => load(withLine(line)))).toBe(`${endpoint(17, key)}: ${message}`);
});

test.each([
  [
    "an unknown key at the top",
    "cache: true",
    "registraton: {}",
    expect.stringMatching(
      /^values\/config\/librechat\.yaml:7: registraton: unknown key, did you mean registration\? \(allowed: version, .*, endpoints.*\)$/,
    ),
  ],
  [
    "a wrong type at the top",
    "cache: true",
    "cache: maybe",
    `${file}:7: cache: expected true or false, found "maybe"`,
  ],
  [
    "a version that YAML reads as a number",
    "version: 1.3.13",
    "version: 1.3",
    `${file}:6: version: expected a string, found 1.3: put it in quotes`,
  ],
  ["no version", "version: 1.3.13\n", "", `${file}: version: missing, expected a string`],
  [
    "a wrong type in a nested mapping",
    "fetch: true",
    "fetch: yes please",
    `${endpoint(15, "models.fetch")}: expected true or false, found "yes please"`,
  ],
  [
    "models that the environment decides",
    "fetch: true",
    "default: [llama2]",
    `${endpoint(15, "models.default")}: is decided by applications.ollama in ${where}: remove it here`,
  ],
  [
    "models that are a list",
    "models:\n        fetch: true",
    "models: [llama2]",
    `${endpoint(14, "models")}: expected a mapping such as { fetch: true }`,
  ],
  [
    "an endpoint of another name",
    "name: Ollama",
    "name: Olama",
    `${file}:11: endpoints.custom: no endpoint is named Ollama (found: Olama): without it LibreChat offers none of Ollama's models`,
  ],
  [
    "an endpoint with an address of its own",
    "      apiKey: ollama",
    "      baseURL: http://127.0.0.1:11434/v1\n      apiKey: ollama",
    `${endpoint(13, "baseURL")}: is decided by applications.ollama in ${where}: remove it here`,
  ],
  [
    "an endpoint without its key",
    "      apiKey: ollama",
    "     ",
    `${endpoint(12, "apiKey")}: missing: without it LibreChat offers none of Ollama's models`,
  ],
  [
    "a key that is there twice",
    "cache: true",
    "cache: true\ncache: true",
    `${file}:8:1: not valid YAML: duplicated mapping key`,
  ],
])("fails on %s", (_what, found, replacement, message) => {
  const sample = sampleRepository();
  sample.edit(file, found, replacement);
  expect(failure(() => load(sample.root))).toEqual(message);
});

test.each([
  [
    "is empty",
    "",
    ": endpoints.custom: no endpoint is named Ollama: without it LibreChat offers none of Ollama's models",
    ": version: missing, expected a string",
  ],
  [
    "has no endpoints of its own",
    "version: 1.3.13\nendpoints: { custom: {} }\n",
    ":2: endpoints.custom: no endpoint is named Ollama: without it LibreChat offers none of Ollama's models",
    ":2: endpoints.custom: expected a list, found {}",
  ],
  ["is a list", "- a\n", ": expected a mapping of keys to values, found a list"],
])("fails on a file that %s", (_what, text, ...messages) => {
  const sample = sampleRepository();
  sample.write(file, text);
  expect(failure(() => load(sample.root))).toBe(messages.map((message) => `${file}${message}`).join("\n"));
});

test("fails on a file that is not there", () => {
  const sample = sampleRepository();
  sample.remove(file);
  expect(failure(() => load(sample.root))).toBe(`${file}: no such file`);
});

test("somebody new talks to the first model, chooses among all, and sees parameters and presets", () => {
  expect(load()).toMatchObject({
    interface: { parameters: true, presets: true },
    modelSpecs: {
      enforce: false,
      prioritize: true,
      addedEndpoints: ["ollama"],
      list: [
        {
          name: "llama2:latest",
          label: "llama2",
          preset: { endpoint: "ollama", model: "llama2:latest", temperature: 0.7 },
        },
        { name: "codellama:latest", label: "codellama", preset: { model: "codellama:latest" } },
      ],
    },
  });
});

test("what the platform has nothing for is off, by switches that are there", () => {
  const off = { use: false, create: false, share: false, public: false };
  expect(load().interface).toEqual({
    parameters: true,
    presets: true,
    webSearch: false,
    fileSearch: false,
    fileCitations: false,
    runCode: false,
    agents: off,
    skills: false,
    marketplace: { use: false },
    mcpServers: off,
    memories: false,
  });
});

test("an environment switches what it has something for on again", () => {
  const { interface: found } = loadWith("features: { webSearch: true, fileSearch: true, agents: true }");
  expect(found).toMatchObject({
    webSearch: true,
    fileSearch: true,
    fileCitations: true,
    agents: { use: true, create: true, share: false, public: false },
    runCode: false,
    memories: false,
  });
});

test("no model takes the user's own choice back: none is the default of every new chat", () => {
  const { list } = load().modelSpecs as { list: YamlMap[] };
  for (const spec of list) expect(spec).not.toHaveProperty("default");
});

test("specs of the file take the place of those of the same name, or come after them", () => {
  const spec = {
    name: "codellama:latest",
    label: "Code",
    preset: { endpoint: "ollama", model: "codellama:latest" },
  };
  const other = {
    name: "poet",
    label: "Poet",
    default: true,
    preset: { endpoint: "Ollama", model: "llama2:latest" },
  };
  const config = loadEdited(
    "cache: true",
    `cache: true\nmodelSpecs: ${JSON.stringify({ enforce: true, list: [other, spec] })}`,
  );
  expect(config.modelSpecs).toEqual({
    enforce: true,
    prioritize: true,
    addedEndpoints: ["ollama"],
    list: [
      {
        name: "llama2:latest",
        label: "llama2",
        preset: { endpoint: "ollama", model: "llama2:latest", temperature: 0.7 },
      },
      spec,
      other,
    ],
  });
});

test("a chat begins with the parameters of the environment", () => {
  expect(loadWith("parameters: { temperature: 0, maxTokens: 500 }").modelSpecs).toMatchObject({
    list: [{ preset: { temperature: 0, max_tokens: 500 } }, { preset: { temperature: 0, max_tokens: 500 } }],
  });
});

test("each Ollama is an endpoint of its own, and a model that two have is two specs", () => {
  const sample = sampleRepository();
  const small = "  small: { application: ollama, models: [llama2], gpu: { count: 0 } }\n";
  sample.edit(where, "  librechat:\n", `${small}  librechat:\n`);
  const environment = loadEnvironment(sample.root, "minikube");
  const config = loadLibrechatConfig({
    root: sample.root,
    environment: environment.name,
    release: releaseOf(environment, "librechat"),
    models: [releaseOf(environment, "ollama"), releaseOf(environment, "small")],
    schema: librechatSchema("v0.8.7", ""),
  });
  expect(config.endpoints).toMatchObject({
    custom: [
      { name: "Ollama", baseURL: "http://ollama.ollama.svc.cluster.local:11434/v1" },
      {
        name: "Ollama small",
        baseURL: "http://small-ollama.small.svc.cluster.local:11434/v1",
        models: { default: ["llama2:latest"] },
        titleModel: "llama2:latest",
      },
    ],
  });
  expect(config.modelSpecs).toMatchObject({
    addedEndpoints: ["ollama", "Ollama small"],
    list: [
      { name: "llama2:latest", preset: { endpoint: "ollama" } },
      { name: "codellama:latest", preset: { endpoint: "ollama" } },
      { name: "small/llama2:latest", label: "llama2 (small)", preset: { endpoint: "Ollama small" } },
    ],
  });
});

test("other keys of the interface are left as they were written", () => {
  expect(
    loadEdited("cache: true", "cache: true\ninterface: { presets: false, bookmarks: false }"),
  ).toMatchObject({
    interface: { presets: false, bookmarks: false, parameters: true, webSearch: false },
  });
});

test("an upload may be as large as the environment says", () => {
  expect(load().fileConfig).toEqual({
    serverFileSizeLimit: 25,
    endpoints: { custom: { fileSizeLimit: 25 }, default: { fileSizeLimit: 25 } },
  });
  expect(loadWith("uploadLimitMebibytes: 100", "fileConfig: { avatarSizeLimit: 2 }").fileConfig).toEqual({
    avatarSizeLimit: 2,
    serverFileSizeLimit: 100,
    endpoints: { custom: { fileSizeLimit: 100 }, default: { fileSizeLimit: 100 } },
  });
});

const tooLarge = `found 50, which is more than applications.librechat.uploadLimitMebibytes in ${where} (25), and the ingress refuses what is larger: raise that, or lower this`;

test.each([
  [
    "a switch of the interface",
    "interface: { webSearch: true, agents: { use: true } }",
    `interface.webSearch: is decided by applications.librechat.features.webSearch in ${where}: remove it here\n${file}:8: interface.agents: is decided by applications.librechat.features.agents in ${where}: remove it here`,
  ],
  [
    "the size of an upload",
    "fileConfig: { serverFileSizeLimit: 50 }",
    `fileConfig.serverFileSizeLimit: is decided by applications.librechat.uploadLimitMebibytes in ${where}: remove it here`,
  ],
  [
    "a larger upload to one endpoint",
    "fileConfig: { endpoints: { ollama: { fileSizeLimit: 50 } } }",
    `fileConfig.endpoints.ollama.fileSizeLimit: ${tooLarge}`,
  ],
  ["a larger avatar", "fileConfig: { avatarSizeLimit: 50 }", `fileConfig.avatarSizeLimit: ${tooLarge}`],
  ["specs that are no mapping", "modelSpecs: 3", "modelSpecs: expected a mapping, found 3"],
  [
    "specs that are no list",
    "modelSpecs: { list: llama2 }",
    'modelSpecs.list: expected a list, found "llama2"',
  ],
])("fails where the file sets %s", (_what, line, message) => {
  expect(failure(() => loadEdited("cache: true", `cache: true\n${line}`))).toBe(`${file}:8: ${message}`);
});

test("fails on a key that only a newer LibreChat than the deployed one knows: that one would end itself", () => {
  const sample = sampleRepository();
  sample.edit(file, "cache: true", "cache: true\nlangfuse: { enabled: false }");
  expect(failure(() => load(sample.root, "v0.8.7"))).toMatch(
    /^values\/config\/librechat\.yaml:8: langfuse: unknown key \(allowed: version, .*\)$/,
  );
});

/** What LibreChat is given in minikube with these applications, and this more in its own configuration. */
function filesOf(applications: string, edit?: [found: string, replacement: string]): YamlMap {
  const sample = sampleRepository();
  sample.write("environments/other.yaml", `cluster: { context: other }\napplications:\n${applications}`);
  if (edit) sample.edit(file, ...edit);
  const settings = loadSettings(sample.root, { ENVIRONMENT: "other" });
  const release = releaseOf<LibrechatSettings>(settings.environment, "librechat");
  const releases = releasesOf(settings.environment);
  return librechatFiles({ settings, release, releases, files: settings.values("librechat") }).config;
}

const two =
  "  ollama: { models: [llama2], gpu: { count: 0 } }\n" +
  "  small: { application: ollama, models: [tiny], gpu: { count: 0 } }\n";
const chat = (settings: string): string =>
  `  librechat: { ingress: { host: chat.test }${settings && `, ${settings}`} }\n`;

test("the first Ollama that an environment names for LibreChat is the first that it offers", () => {
  expect(filesOf(two + chat("ollama: [small, ollama]"))).toMatchObject({
    endpoints: {
      custom: [
        { name: "Ollama small", modelDisplayLabel: "Ollama small", titleModel: "tiny:latest" },
        { name: "Ollama", modelDisplayLabel: "Ollama", titleModel: "llama2:latest" },
      ],
    },
    modelSpecs: { list: [{ name: "tiny:latest" }, { name: "ollama/llama2:latest" }] },
  });
});

test("without an Ollama it offers the other endpoints of its configuration alone, and some there must be", () => {
  const other = { name: "Other", apiKey: "x", baseURL: "https://other.test/v1", models: { default: ["m"] } };
  const config = filesOf(chat(""), [
    "    - name: Ollama\n",
    `    - ${JSON.stringify(other)}\n    - name: Ollama\n`,
  ]);
  expect(config.endpoints).toEqual({ custom: [other] });
  expect(config).not.toHaveProperty("modelSpecs");
  expect(failure(() => filesOf(chat("")))).toBe(
    `environments/other.yaml: applications: LibreChat has no model to offer: add a release of ollama, or an endpoint to ${file}`,
  );
});

describe("a variable of the pod in the place of an address", () => {
  const withServer = (server: string, imageTag?: string): YamlMap => {
    const sample = sampleRepository();
    sample.edit(file, "cache: true", `cache: true\nmcpServers:\n  search: ${server}`);
    return load(sample.root, imageTag);
  };

  test.each([
    ["a server that says of which type it is", '{ type: sse, url: "${MCP_URL}" }'],
    ["one that does not", '{ url: "${MCP_URL}" }'],
    ["a websocket", '{ type: websocket, url: "${MCP_URL}" }'],
    ["the beginning of an address", '{ type: streamable-http, url: "${MCP_HOST}/mcp" }'],
    ["the end of one", '{ type: http, url: "https://mcp.example.com/${MCP_PATH}" }'],
  ])("is taken: %s", (_what, server) => {
    const before = { ...process.env };
    const url = /url: "(.*)"/.exec(server)?.[1];
    expect(withServer(server).mcpServers).toMatchObject({ search: { url } });
    expect(process.env).toEqual(before);
  });

  test("is taken wherever the LibreChat that is deployed fills it in", () => {
    const server = '{ type: sse, url: "https://a.example/sse", oauth: { token_url: "${TOKEN_URL}" } }';
    expect(withServer(server, "v0.8.8-rc1").mcpServers).toMatchObject({
      search: { oauth: { token_url: "${TOKEN_URL}" } },
    });
    expect(failure(() => withServer(server))).toBe(
      `${file}:9: mcpServers.search.oauth.token_url: invalid url, found "\${TOKEN_URL}"`,
    );
  });

  test("is refused where LibreChat never fills it in", () => {
    expect(failure(() => withServer('{ type: sse, url: "${MONGO_URI}" }'))).toBe(
      `${file}:9: mcpServers.search.url: found "\${MONGO_URI}", expected an address such as https://mcp.example.com/sse`,
    );
  });
});

test("fails on an MCP server whose address is none", () => {
  expect(
    failure(() => loadEdited("cache: true", "cache: true\nmcpServers: { search: { url: search } }")),
  ).toBe(
    `${file}:8: mcpServers.search.url: found "search", expected an address such as https://mcp.example.com/sse`,
  );
});
