import { loadSettings } from "../../../../applications/load-settings";
import { releaseValues } from "../../../../applications/release-values";
import { failure } from "../../failure";
import { releaseOf } from "../../release-of";
import { sampleRepository } from "../../sample-repository";

const file = "values/config/librechat.yaml";
const ollama = "    - { name: Ollama, apiKey: ollama, models: { fetch: true } }\n";

/** What is said of LibreChat's configuration with this in it, and of values beside it; each line without the name of the file. */
function said(config: { top?: string; endpoints?: string }, values: object = {}, environment = ""): string[] {
  const sample = sampleRepository();
  const { top = "", endpoints = "" } = config;
  sample.write(file, `version: 1.3.13\n${top}endpoints:\n  custom:\n${ollama}${endpoints}`);
  sample.write("values/librechat.minikube.yaml", JSON.stringify(values));
  if (environment)
    sample.edit("environments/minikube.yaml", "  librechat:\n", `  librechat:\n${environment}`);
  const settings = loadSettings(sample.root, {});
  try {
    return failure(() => releaseValues(settings, releaseOf(settings.environment, "librechat")))
      .split("\n")
      .map((line) => line.replace(`${file}:`, ""));
  } catch (error) {
    if ((error as Error).message === "nothing was thrown") return [];
    throw error;
  }
}

const endpoint = (name: string, more: string): string =>
  `    - { name: ${name}, baseURL: "https://api.example.com/v1", models: { default: [small, large] }, ${more} }\n`;

/** How a message ends that says what makes a credential of it. */
const made = (variable: string): string =>
  `add credentials: { ${variable}: given } below applications.librechat in environments/minikube.yaml, and run: npm run secrets -- set ${variable} --environment minikube (rule secret-values)`;

test.each([
  [
    "an API key of a known form",
    { endpoints: endpoint("Router", 'apiKey: "sk-or-v1-0123456789abcdef01234567"') },
    "5: endpoints.custom[1].apiKey (endpoint Router): found an API key: write ${ROUTER_API_KEY} in its place, ",
    "ROUTER_API_KEY",
  ],
  [
    "an API key of no known form",
    { endpoints: endpoint("My Router", "apiKey: hunter2hunter2") },
    "5: endpoints.custom[1].apiKey (endpoint My Router): found a value of 14 characters for a credential: write ${MY_ROUTER_API_KEY} in its place, ",
    "MY_ROUTER_API_KEY",
  ],
  [
    "the name of a variable alone",
    { endpoints: endpoint("Router", "apiKey: OPENAI_API_KEY") },
    "5: endpoints.custom[1].apiKey (endpoint Router): found a value of 14 characters for a credential: write ${OPENAI_API_KEY} in its place, ",
    "OPENAI_API_KEY",
  ],
  [
    "a token of a header",
    { endpoints: endpoint("Router", 'apiKey: "${KEY}", headers: { Authorization: Bearer abcdefgh }') },
    "5: endpoints.custom[1].headers.Authorization (endpoint Router): found a value of 8 characters for a credential: write Bearer ${ROUTER_TOKEN} in its place, ",
    "ROUTER_TOKEN",
  ],
  [
    "a key of a header",
    { endpoints: endpoint("Router", 'apiKey: "${KEY}", headers: { x-api-key: abcdefgh }') },
    "5: endpoints.custom[1].headers.x-api-key (endpoint Router): found a value of 8 characters for a credential: write ${ROUTER_X_API_KEY} in its place, ",
    "ROUTER_X_API_KEY",
  ],
  [
    "a token of an MCP server",
    {
      top: 'mcpServers: { gh: { url: "https://mcp.test", headers: { Authorization: "Basic dXNlcg==" } } }\n',
    },
    "2: mcpServers.gh.headers.Authorization: found a value of 8 characters for a credential: write Basic ${GH_TOKEN} in its place, ",
    "GH_TOKEN",
  ],
  [
    "a variable of an MCP server's own process",
    { top: "mcpServers: { gh: { command: npx, args: [gh], env: { GITHUB_TOKEN: abcdefgh } } }\n" },
    "2: mcpServers.gh.env.GITHUB_TOKEN: found a value of 8 characters for a credential: write ${GH_GITHUB_TOKEN} in its place, ",
    "GH_GITHUB_TOKEN",
  ],
  [
    "a key of a part of LibreChat",
    { top: "ocr: { apiKey: hunter2hunter2 }\n" },
    "2: ocr.apiKey: found a value of 14 characters for a credential: write ${OCR_API_KEY} in its place, ",
    "OCR_API_KEY",
  ],
  [
    "a key of a part within another",
    { top: "speech: { stt: { openai: { apiKey: hunter2hunter2, model: whisper-1 } } }\n" },
    "2: speech.stt.openai.apiKey: found a value of 14 characters for a credential: write ${SPEECH_STT_OPENAI_API_KEY} in its place, ",
    "SPEECH_STT_OPENAI_API_KEY",
  ],
  [
    "a key in an address",
    { top: 'mcpServers: { maps: { url: "https://mcp.test/sse?api_key=0123456789" } }\n' },
    "2: mcpServers.maps.url: found a key in an address: write ${MAPS_URL} in its place, ",
    "MAPS_URL",
  ],
])("fails on %s", (_what, config, message, variable) => {
  const [fault, ...others] = said(config);
  expect(fault).toBe(message + made(variable));
  expect(others).toEqual([]);
});

test.each([
  ["a variable of the pod", endpoint("Router", 'apiKey: "${ROUTER_KEY}"')],
  ["a key that each user enters", endpoint("Router", "apiKey: user_provided")],
  ["a word where the server asks for none", endpoint("Local", "apiKey: not-needed")],
  ["the endpoint's own name", endpoint("vLLM-2", "apiKey: vllm-2")],
  ["a token that is a variable", endpoint("R", 'apiKey: "${K}", headers: { Authorization: "Bearer ${T}" }')],
  [
    "what LibreChat knows of a user",
    endpoint("R", 'apiKey: "${K}", headers: { x-user: "{{LIBRECHAT_USER_ID}}" }'),
  ],
  ["a header that is no credential", endpoint("R", 'apiKey: "${K}", headers: { X-Title: LibreChat }')],
])("takes %s", (_what, endpoints) => {
  expect(said({ endpoints })).toEqual([]);
});

test("an environment that switches the rule off takes credentials, and still hears of all else", () => {
  const sample = sampleRepository();
  sample.edit(
    file,
    "  custom:\n",
    `  custom:\n${endpoint("Router", "apiKey: hunter2hunter2, titleModel: thinking")}`,
  );
  sample.edit(
    "environments/minikube.yaml",
    "cluster:",
    'exemptions: { secret-values: "a laptop of my own" }\ncluster:',
  );
  const settings = loadSettings(sample.root, {});
  expect(failure(() => releaseValues(settings, releaseOf(settings.environment, "librechat")))).toMatch(
    /^[^\n]* \(endpoint Router\): found "thinking", which is no model of Router[^\n]*$/,
  );
});

test.each([
  ["localhost", "http://localhost:8000/v1", "localhost", "the pod itself"],
  ["an address of the machine itself", "http://127.0.0.1/v1", "127.0.0.1", "the pod itself"],
  ["the same in IPv6", "http://[::1]:8000", "[::1]", "the pod itself"],
  ["Docker's name of the machine", "http://host.docker.internal:11434/v1", "host.docker.internal", "nobody"],
])("fails on an endpoint at %s", (_what, address, host, who) => {
  const endpoints = `    - { name: Local, apiKey: none, baseURL: "${address}", models: { default: [a] } }\n`;
  expect(said({ endpoints })).toEqual([
    `5: endpoints.custom[1].baseURL (endpoint Local): leads to ${host}, which in a pod is ${who}: name what is reached from there, such as http://NAME.NAMESPACE.svc.cluster.local:PORT`,
  ]);
});

test("the same holds for whatever else LibreChat goes to, be it said in its variables", () => {
  expect(said({ top: "mcpServers: { own: { type: sse, url: http://localhost:3001/sse } }\n" })).toEqual([
    expect.stringContaining("2: mcpServers.own.url: leads to localhost, which in a pod is the pod itself"),
  ]);
  expect(said({}, { librechat: { configEnv: { RAG_API_URL: "http://localhost:8000" } } })).toEqual([
    expect.stringContaining(
      "values/librechat.minikube.yaml:1: librechat.configEnv.RAG_API_URL: leads to localhost",
    ),
  ]);
});

test("where a browser goes, and what a sidecar of the pod answers, may be called so", () => {
  const local =
    "    - { name: Local, apiKey: none, baseURL: http://localhost:8000/v1, models: { default: [a] } }\n";
  const sidecar = { initContainers: { proxy: { image: "proxy:1.0", restartPolicy: "Always" } } };
  expect(said({ endpoints: local }, sidecar)).toEqual([]);
  expect(
    said({ top: 'interface: { privacyPolicy: { externalUrl: "http://localhost:3080/privacy" } }\n' }),
  ).toEqual([]);
  expect(said({}, { librechat: { configEnv: { ADMIN_PANEL_URL: "http://localhost:3000" } } })).toEqual([]);
});

const spec = (preset: string): string =>
  `modelSpecs: { list: [{ name: mine, label: Mine, preset: { ${preset} } }] }\n`;
const models =
  "(there are: llama2:latest, codellama:latest; others go to applications.ollama.models in environments/minikube.yaml)";

test.each([
  [
    "a model that is not deployed",
    { top: spec("endpoint: ollama, model: mistral") },
    `2: modelSpecs.list[0].preset.model (spec mine): found "mistral", which is no model of ollama ${models}`,
  ],
  [
    "a model without its tag, for which another would answer",
    { top: spec("endpoint: Ollama, model: llama2") },
    `2: modelSpecs.list[0].preset.model (spec mine): found "llama2", which is no model of ollama, did you mean llama2:latest? ${models}`,
  ],
  [
    "an endpoint that is misspelt",
    { top: spec("endpoint: olama, model: llama2") },
    '2: modelSpecs.list[0].preset.endpoint (spec mine): found "olama", which is no endpoint that is offered, did you mean ollama? (there are: ollama)',
  ],
  [
    "an endpoint of LibreChat's own that it does not offer",
    { top: spec("endpoint: openAI, model: gpt-4o") },
    '2: modelSpecs.list[0].preset.endpoint (spec mine): found "openAI", which is no endpoint that is offered (there are: ollama; LibreChat\'s own openAI is there once endpoints names it)',
  ],
  [
    "two endpoints of one name",
    { endpoints: endpoint("Router", 'apiKey: "${K}"') + endpoint("Router", 'apiKey: "${K}"') },
    '5: endpoints.custom[1].name (endpoint Router): found "Router", which another endpoint is called as well: LibreChat offers one of them alone; give each a name of its own',
  ],
  [
    "a title by a model that an endpoint does not have",
    { endpoints: endpoint("Router", 'apiKey: "${K}", titleModel: thinking') },
    '5: endpoints.custom[1].titleModel (endpoint Router): found "thinking", which is no model of Router (there are: small, large)',
  ],
  [
    "a title by an endpoint that is not there",
    { endpoints: endpoint("Router", 'apiKey: "${K}", titleEndpoint: Rooter') },
    '5: endpoints.custom[1].titleEndpoint (endpoint Router): found "Rooter", which is no endpoint that is offered, did you mean Router? (there are: ollama, Router)',
  ],
  [
    "memories of a model that is nowhere",
    { top: "memory: { agent: { provider: ollama, model: mistral } }\n" },
    `2: memory.agent.model: found "mistral", which is no model of ollama ${models}`,
  ],
  [
    "an endpoint that is added and not there",
    { top: "modelSpecs: { addedEndpoints: [google] }\n" },
    '2: modelSpecs.addedEndpoints[0]: found "google", which is no endpoint that is offered (there are: ollama; LibreChat\'s own google is there once endpoints names it)',
  ],
])("fails on %s", (_what, config, message) => {
  expect(said(config)).toEqual([message]);
});

test.each([
  ["a deployed model", { top: spec("endpoint: Ollama, model: 'codellama:latest'") }, {}],
  [
    "a model of an endpoint whose models are fetched",
    {
      top: spec("endpoint: Any, model: x"),
      endpoints: `    - { name: Any, apiKey: none, baseURL: "https://a.test", models: { fetch: true, default: [a] } }\n`,
    },
    {},
  ],
  [
    "the model of the conversation",
    { endpoints: endpoint("Router", 'apiKey: "${K}", titleModel: current_model') },
    {},
  ],
  [
    "an endpoint that the values offer",
    { top: spec("endpoint: openAI, model: gpt-4o") },
    { librechat: { configEnv: { ENDPOINTS: "custom,openAI" } } },
  ],
])("takes %s", (_what, config, values) => {
  expect(said(config, values)).toEqual([]);
});

test("all that is wrong with it is told at once, each with its line", () => {
  const faults = said({
    top:
      "cach: true\ninterface: { webSearch: true }\nfileConfig: { avatarSizeLimit: 90 }\n" +
      spec("endpoint: nowhere"),
    endpoints: endpoint("Router", "apiKey: hunter2hunter2, titelConvo: true"),
  });
  expect(faults.map((fault) => fault.split(": ").slice(0, 2).join(": "))).toEqual([
    "3: interface.webSearch",
    "4: fileConfig.avatarSizeLimit",
    "9: endpoints.custom[1].apiKey (endpoint Router)",
    "2: cach",
    "9: endpoints.custom[1].titelConvo (endpoint Router)",
    "5: modelSpecs.list[0].preset.endpoint (spec mine)",
  ]);
});

test("a credential in a place of another form is named, and not shown", () => {
  const faults = said({
    top: "ocr: { apiKey: [hunter2hunter2] }\nmcpServers: [{ env: { TOKEN: hunter2hunter2 } }]\n",
  });
  expect(faults).toEqual([
    expect.stringContaining("mcpServers[0].env.TOKEN: found a value of 14 characters"),
    expect.stringContaining("ocr.apiKey: expected a string"),
    expect.stringContaining("mcpServers: expected a mapping"),
  ]);
  expect(faults.join("")).not.toContain("hunter2");
});

test.each([
  ["{ type: sse, url: 5 }", "mcpServers.own.url: expected a string, found 5: put it in quotes"],
  ["text", 'mcpServers.own: expected a mapping, found "text"'],
  [
    '{ type: htp, url: "https://mcp.test" }',
    'mcpServers.own.type: found "htp", did you mean http? (allowed: ',
  ],
])("what may be one of several is held against what it is nearest to: %s", (server, message) => {
  const [fault, ...others] = said({ top: `mcpServers: { own: ${server} }\n` });
  expect(fault).toContain(message);
  expect(others).toEqual([]);
});
