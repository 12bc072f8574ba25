import { environmentNames, loadEnvironment } from "../../../applications/load-environment";
import { releasesOf } from "../../../applications/releases";
import { failure } from "../failure";
import { repository, sampleRepository } from "../sample-repository";

const sample = sampleRepository();
const file = "environments/broken.yaml";

/** The least that an environment must say, with one part replaced. */
const least = {
  cluster: "cluster: { context: minikube }",
  models: "models: [llama2]",
  gpu: "gpu: { count: 1 }",
};

/** What an environment says of each application beside that. */
interface Of {
  readonly ollama?: string;
  readonly librechat?: string;
}

function environmentText(
  parts: { [key in keyof typeof least]?: string } = {},
  more = "",
  { ollama = "", librechat = "" }: Of = {},
): string {
  const { cluster, models, gpu } = { ...least, ...parts };
  const lines = [
    cluster,
    "applications:",
    "  librechat:",
    `    ${librechat}`,
    "  ollama:",
    ...[models, gpu, ollama].map((line) => `    ${line}`),
    more,
  ];
  return lines.filter((line) => line.trim()).join("\n") + "\n";
}

function messageFor(text: string): string {
  sample.write(file, text);
  return failure(() => loadEnvironment(sample.root, "broken"));
}

test("the names are those of the files, sorted", () => {
  expect(environmentNames(repository)).toEqual(["minikube", "minikube-cpu", "production", "sandbox"]);
});

test.each([
  ["ingress: { className: haproxy }", "haproxy", "haproxy-controller"],
  [
    "ingress: { className: public, controller: haproxy-ingress, controllerNamespace: edge }",
    "haproxy-ingress",
    "edge",
  ],
  ["ingress: { className: nginx-internal }", "ingress-nginx", "ingress-nginx"],
])("Ollama is exposed to address ranges by %s", (top, controller, controllerNamespace) => {
  const ollama = "ingress: { host: o.test, allowedSourceRanges: [10.0.0.0/8] }";
  sample.write("environments/exposed.yaml", environmentText({}, top, { ollama }));
  expect(loadEnvironment(sample.root, "exposed").ingress).toMatchObject({ controller, controllerNamespace });
  sample.remove("environments/exposed.yaml");
});

test("an environment that says the least gets every default", () => {
  sample.write("environments/least.yaml", environmentText());
  expect(loadEnvironment(sample.root, "least")).toEqual({
    name: "least",
    images: { digests: false },
    cluster: { context: "minikube", kubeconfig: "~/.kube/config", recordsNamespace: "default" },
    applications: { ollama: { models: ["llama2"], gpu: { count: 1 } }, librechat: {} },
    storage: { onDestroy: "keep" },
    ingress: { className: "nginx", controller: "ingress-nginx", controllerNamespace: "ingress-nginx" },
    access: { view: "llm-platform-viewers", edit: "llm-platform-editors" },
    credentials: { source: "file" },
    state: { backend: "local" },
    engine: "terraform",
    providers: { kubernetes: "2.38.0", helm: "3.1.1" },
    exemptions: {},
    deploy: { failFast: true, rollBackWhenVerifyFails: false },
    drift: { expected: [] },
  });
});

test("a release of which little is said gets every default of its application", () => {
  sample.write("environments/least.yaml", environmentText());
  const [ollama, librechat] = releasesOf(loadEnvironment(sample.root, "least"));
  expect(ollama).toMatchObject({
    name: "ollama",
    namespace: "ollama",
    needs: [],
    own: {
      models: ["llama2:latest"],
      gpu: { count: 1, type: "nvidia" },
      storage: { models: "30Gi" },
      quota: { cpu: "8", memory: "16Gi", storage: "100Gi", pods: 10 },
    },
  });
  expect(librechat).toMatchObject({
    name: "librechat",
    namespace: "librechat",
    needs: ["ollama"],
    own: {
      storage: { images: "5Gi", uploads: "5Gi", database: "8Gi", search: "1Gi" },
      features: {
        webSearch: false,
        fileSearch: false,
        runCode: false,
        agents: false,
        skills: false,
        marketplace: false,
        mcpServers: false,
        memories: false,
      },
      uploadLimitMebibytes: 25,
      quota: { cpu: "4", memory: "4Gi", storage: "50Gi", pods: 20 },
    },
  });
});

test("the ingress of an application that asks who it is may be kept to some addresses by an annotation", () => {
  const annotations = { "nginx.ingress.kubernetes.io/whitelist-source-range": "10.0.0.0/8" };
  const ingress = JSON.stringify({ host: "a.example.com", annotations });
  sample.write("environments/least.yaml", environmentText({}, "", { librechat: `ingress: ${ingress}` }));
  expect(releasesOf(loadEnvironment(sample.root, "least"))[1]?.own.ingress).toMatchObject({ annotations });
});

test("the name of every object that Kubernetes lets have dots may have them", () => {
  const text = environmentText(
    { gpu: "gpu: { count: 1, runtimeClass: nvidia.v2 }" },
    "storage: { className: ssd.fast }\ningress: { className: nginx.internal }",
    {
      librechat:
        "ingress: { host: a.example.com, tls: { secretName: a.example.com-tls, clusterIssuer: letsencrypt.prod } }",
    },
  );
  sample.write("environments/least.yaml", text);
  const environment = loadEnvironment(sample.root, "least");
  expect(environment).toMatchObject({
    storage: { className: "ssd.fast" },
    ingress: { className: "nginx.internal" },
  });
  expect(releasesOf(environment).map(({ own }) => own)).toMatchObject([
    { gpu: { runtimeClass: "nvidia.v2" } },
    { ingress: { tls: { secretName: "a.example.com-tls", clusterIssuer: "letsencrypt.prod" } } },
  ]);
});

test("another kubeconfig may be named for the machine, the context stays", () => {
  sample.write("environments/least.yaml", environmentText());
  const variables = { CLUSTER_KUBECONFIG: "/run/kubeconfig" };
  expect(loadEnvironment(sample.root, "least", variables).cluster).toMatchObject({
    context: "minikube",
    kubeconfig: "/run/kubeconfig",
  });
  expect(loadEnvironment(sample.root, "least", { CLUSTER_KUBECONFIG: "" }).cluster.kubeconfig).toBe(
    "~/.kube/config",
  );
});

test.each([
  ["local", "backend: local", { backend: "local" }],
  [
    "s3",
    "backend: s3, bucket: states, region: eu, endpoint: https://minio.test",
    { backend: "s3", bucket: "states", region: "eu", endpoint: "https://minio.test" },
  ],
  ["kubernetes", "backend: kubernetes", { backend: "kubernetes", namespace: "default" }],
])("the state may be kept in the backend %s", (_backend, state, expected) => {
  sample.write("environments/least.yaml", environmentText({}, `state: { ${state} }`));
  expect(loadEnvironment(sample.root, "least").state).toEqual(expected);
});

test.each([
  ["llama2", "llama2:latest"],
  ["registry.local:5000/library/llama3:8b", "registry.local:5000/library/llama3:8b"],
])("the model %s is accepted, and has its tag", (model, tagged) => {
  sample.write("environments/least.yaml", environmentText({ models: `models: ["${model}"]` }));
  expect(releasesOf(loadEnvironment(sample.root, "least"))[0]?.own).toMatchObject({ models: [tagged] });
});

test("fails on a model that is there twice, once with its tag", () => {
  sample.write("environments/least.yaml", environmentText({ models: 'models: [llama2, "llama2:latest"]' }));
  expect(failure(() => loadEnvironment(sample.root, "least"))).toBe(
    'environments/least.yaml: applications.ollama.models: expected each model once, found ["llama2","llama2:latest"]',
  );
});

test.each([
  [
    "a name that is nearly right",
    "minicube",
    'environment "minicube": unknown, did you mean minikube? (there are: minikube, minikube-cpu, production, sandbox; each is a file in environments/)',
  ],
  [
    "a name that is nothing like any",
    "staging",
    'environment "staging": unknown (there are: minikube, minikube-cpu, production, sandbox; each is a file in environments/)',
  ],
  [
    "a path to another file",
    "../values/ollama",
    'environment "../values/ollama": unknown (there are: minikube, minikube-cpu, production, sandbox; each is a file in environments/)',
  ],
  [
    "a name with a line break",
    "minikube\n",
    'environment "minikube\\n": unknown, did you mean minikube? (there are: minikube, minikube-cpu, production, sandbox; each is a file in environments/)',
  ],
])("fails on %s for the environment", (_what, name, message) => {
  expect(failure(() => loadEnvironment(repository, name))).toBe(message);
});

test.each([
  ["my env", "letters"],
  ["-mine", "letters"],
  ["a".repeat(64), "at most 63"],
])("fails on %s as the name of a file, which is a label", (name) => {
  const sample = sampleRepository();
  sample.write(`environments/${name}.yaml`, environmentText());
  expect(failure(() => loadEnvironment(sample.root, name))).toBe(
    `environments/${name}.yaml: the name of the file is the value of a label, found ${JSON.stringify(name)}: expected letters, digits, -, _ and ., at most 63, with a letter or a digit at both ends: rename the file`,
  );
});

test("fails where the names of a file and of a release are too long together", () => {
  const sample = sampleRepository();
  const name = "a".repeat(60);
  sample.write(`environments/${name}.yaml`, environmentText());
  expect(failure(() => loadEnvironment(sample.root, name))).toContain(
    `environments/${name}.yaml: applications.ollama: ollama-${name} is the value of a label, and longer than 63 letters: `,
  );
});

test.each([
  [
    "false",
    "a release is not switched off so: remove it; or write installed: false below it, which keeps its data",
  ],
  ["true", "a release has its settings here: remove the word, for every default"],
])("fails on librechat: %s, and says what was meant", (found, meant) => {
  const sample = sampleRepository();
  sample.edit(
    "environments/minikube.yaml",
    "  librechat:\n    mongodb: { authentication: true }\n    ingress:\n      host: librechat.glukas.space\n",
    `  librechat: ${found}\n`,
  );
  expect(failure(() => loadEnvironment(sample.root, "minikube"))).toBe(
    `environments/minikube.yaml: applications.librechat: found ${found}: ${meant}`,
  );
});

describe("fails on a file", () => {
  test.each([
    [
      "that is empty",
      "",
      [`${file}: cluster: missing, expected a mapping`, `${file}: applications: missing, expected a mapping`],
    ],
    [
      "of comments alone",
      "# later\n",
      [`${file}: cluster: missing, expected a mapping`, `${file}: applications: missing, expected a mapping`],
    ],
    ["that is a list", "- minikube\n", [`${file}: expected a mapping of keys to values, found a list`]],
    [
      "that is not YAML",
      "models: [llama2,\ngpu: }\n",
      [`${file}:2:6: not valid YAML: missed comma between flow collection entries`],
    ],
    [
      "that repeats a key",
      environmentText({}, "cluster: { context: other }"),
      [`${file}:7:1: not valid YAML: duplicated mapping key`],
    ],
  ])("%s", (_what, text, lines) => {
    expect(messageFor(text)).toBe(lines.join("\n"));
  });
});

const topLevel =
  "cluster, applications, storage, ingress, images, access, credentials, state, engine, providers, exemptions, deploy, drift";
const modelExpected =
  "expected a model such as llama2, qwen2.5:0.5b or registry.local:5000/library/llama3:8b, without https://";
const widest =
  "wider than any private range, and the application has no authentication: name the ranges that may reach it, /8 (IPv6: /7) at the widest";

describe("fails on", () => {
  test.each([
    ["an unknown key", "ingres: {}", `ingres: unknown key, did you mean ingress? (allowed: ${topLevel})`],
    ["a key that is like no other", "color: red", `color: unknown key (allowed: ${topLevel})`],
    [
      "an annotation that follows from another setting",
      {
        librechat: "ingress: { host: a.test, annotations: { cert-manager.io/cluster-issuer: letsencrypt } }",
      },
      'applications.librechat.ingress.annotations.cert-manager.io/cluster-issuer: found "letsencrypt": follows from tls.clusterIssuer: set that instead',
    ],
    [
      "an allow-list beside that of the setting",
      {
        ollama:
          "ingress: { host: a.test, allowedSourceRanges: [10.0.0.0/8], annotations: { haproxy.org/allow-list: 0.0.0.0/0 } }",
      },
      'applications.ollama.ingress.annotations.haproxy.org/allow-list: found "0.0.0.0/0": follows from allowedSourceRanges: set that instead',
    ],
    [
      "an annotation that is no text",
      { librechat: "ingress: { host: a.test, annotations: { example.com/weight: 5 } }" },
      "applications.librechat.ingress.annotations.example.com/weight: expected a string, found 5: put it in quotes",
    ],
    [
      "a snippet where nobody is asked who he is",
      {
        ollama:
          "ingress: { host: a.test, allowedSourceRanges: [10.0.0.0/8], annotations: { nginx.ingress.kubernetes.io/server-snippet: allow all; } }",
      },
      'applications.ollama.ingress.annotations.nginx.ingress.kubernetes.io/server-snippet: found "allow all;": a snippet can let everybody in, and the application itself asks nobody who they are: remove it',
    ],
    [
      "a directory outside of its volume",
      { ollama: "subPaths: { models: ../other }" },
      'applications.ollama.subPaths.models: expected a directory of the volume such as models or team-a/models, without / at its start and without .., found "../other"',
    ],
    [
      "a directory of a claim that is mounted whole",
      { librechat: "subPaths: { search: index }" },
      "applications.librechat.subPaths.search: unknown key (allowed: images, uploads, database)",
    ],
    [
      "an unknown key within another",
      "storage: { clasName: fast }",
      "storage.clasName: unknown key, did you mean className? (allowed: className, onDestroy)",
    ],
    [
      "a rule that is not known",
      "exemptions: { latest-images: a reason that is long enough }",
      "exemptions.latest-images: unknown key, did you mean latest-image? (allowed: archived-image, image-digest, latest-image, namespace-labels, open-network, open-release, privileged-pod, secret-values, unpinned-chart, unreadable-values)",
    ],
    [
      "a rule that is switched off without a reason",
      "exemptions: { latest-image: 'because         ' }",
      'exemptions.latest-image: expected a reason of at least 15 characters, found "because         "',
    ],
    [
      "a fate of the data that is neither",
      "storage: { onDestroy: kep }",
      'storage.onDestroy: found "kep", did you mean keep? (allowed: keep, delete)',
    ],
    ["a section without content", "ingress:", "ingress: expected a mapping, found nothing"],
    [
      "a size in decimal units",
      { ollama: "storage: { models: 30G }" },
      'applications.ollama.storage.models: expected a size such as 500Mi, 30Gi or 1Ti, found "30G"',
    ],
    [
      "a size without a unit",
      { ollama: "storage: { models: 30 }" },
      "applications.ollama.storage.models: expected a string, found 30: put it in quotes",
    ],
    [
      "a size of nothing",
      { librechat: "storage: { search: 0Gi }" },
      'applications.librechat.storage.search: expected a size such as 500Mi, 30Gi or 1Ti, found "0Gi"',
    ],
    [
      "a StorageClass that Kubernetes would not name so",
      "storage: { className: Fast_SSD }",
      'storage.className: expected a name of lower-case letters, digits, - and ., at most 253, found "Fast_SSD"',
    ],
    [
      "CPUs without quotes",
      { ollama: "quota: { cpu: 4, memory: 8Gi, storage: 5Gi, pods: 5 }" },
      "applications.ollama.quota.cpu: expected a string, found 4: put it in quotes",
    ],
    [
      "CPUs with a unit of their own",
      { ollama: "quota: { cpu: 4 cores, memory: 8Gi, storage: 5Gi, pods: 5 }" },
      'applications.ollama.quota.cpu: expected CPUs in quotes, such as "4" or "500m", found "4 cores"',
    ],
    [
      "a quota of no pods",
      { librechat: "quota: { cpu: '4', memory: 8Gi, storage: 5Gi, pods: 0 }" },
      "applications.librechat.quota.pods: expected at least 1, found 0",
    ],
    [
      "a part of a pod, with one message alone",
      { librechat: "quota: { cpu: '4', memory: 8Gi, storage: 5Gi, pods: -1.5 }" },
      "applications.librechat.quota.pods: expected a whole number, found -1.5",
    ],
    [
      "a quota that lacks a part",
      { librechat: "quota: { cpu: '4', memory: 8Gi, storage: 5Gi }" },
      "applications.librechat.quota.pods: missing, expected a number",
    ],
    ["a group without a name", "access: { view: '' }", 'access.view: expected the name of a group, found ""'],
    [
      "an unknown backend",
      "state: { backend: s4 }",
      'state.backend: found "s4", did you mean s3? (allowed: local, s3, kubernetes)',
    ],
    ["a state without a backend", "state: {}", "state.backend: missing (allowed: local, s3, kubernetes)"],
    ["a state that is not a mapping", "state: s3", 'state: expected a mapping, found "s3"'],
    [
      "a key of another backend",
      "state: { backend: local, bucket: states }",
      "state.bucket: unknown key (allowed: backend, encrypted)",
    ],
    ["an engine that is none", "engine: tofu", 'engine: found "tofu" (allowed: terraform, opentofu)'],
    [
      "a range of versions",
      "providers: { helm: '~> 3.1' }",
      'providers.helm: expected one exact version such as 3.2.1, not a range, found "~> 3.1"',
    ],
    [
      "an encrypted state for an engine that has none",
      "state: { backend: local, encrypted: true }",
      "state.encrypted: terraform knows no encryption of its state (allowed: with engine: opentofu): say that, or remove it",
    ],
    [
      "a bucket without a region",
      "state: { backend: s3, bucket: states }",
      "state.region: missing, expected a string",
    ],
    [
      "a bucket's name that is too short",
      "state: { backend: s3, bucket: s, region: eu }",
      'state.bucket: expected the name of a bucket, found "s"',
    ],
    [
      "an endpoint that is not a URL",
      "state: { backend: s3, bucket: states, region: eu, endpoint: minio }",
      'state.endpoint: expected a URL, found "minio"',
    ],
    [
      "a URL for a host",
      { librechat: "ingress: { host: http://chat.test }" },
      'applications.librechat.ingress.host: expected a host name in lower case, such as chat.example.com, found "http://chat.test"',
    ],
    [
      "a host in upper case",
      { librechat: "ingress: { host: Chat.test }" },
      'applications.librechat.ingress.host: expected a host name in lower case, such as chat.example.com, found "Chat.test"',
    ],
    [
      "an ingress without a host",
      { librechat: "ingress: {}" },
      "applications.librechat.ingress.host: missing, expected a string",
    ],
    [
      "TLS without a Secret",
      { librechat: "ingress: { host: chat.test, tls: { clusterIssuer: letsencrypt } }" },
      "applications.librechat.ingress.tls.secretName: missing, expected a string",
    ],
    [
      "Ollama exposed to everybody because no range is named",
      { ollama: "ingress: { host: o.test }" },
      "applications.ollama.ingress.allowedSourceRanges: missing, expected a list",
    ],
    [
      "Ollama exposed to an empty list of ranges",
      { ollama: "ingress: { host: o.test, allowedSourceRanges: [] }" },
      "applications.ollama.ingress.allowedSourceRanges: expected at least one address range, found []",
    ],
    [
      "Ollama exposed to every address",
      { ollama: "ingress: { host: o.test, allowedSourceRanges: [10.0.0.0/8, 0.0.0.0/0] }" },
      `applications.ollama.ingress.allowedSourceRanges[1]: found "0.0.0.0/0": ${widest}`,
    ],
    [
      "Ollama exposed to half of all addresses",
      { ollama: "ingress: { host: o.test, allowedSourceRanges: [128.0.0.0/1] }" },
      `applications.ollama.ingress.allowedSourceRanges[0]: found "128.0.0.0/1": ${widest}`,
    ],
    [
      "Ollama exposed to every IPv6 address",
      { ollama: "ingress: { host: o.test, allowedSourceRanges: ['::/0'] }" },
      `applications.ollama.ingress.allowedSourceRanges[0]: found "::/0": ${widest}`,
    ],
    [
      "an address that is not a range",
      { ollama: "ingress: { host: o.test, allowedSourceRanges: [10.0.0.1] }" },
      'applications.ollama.ingress.allowedSourceRanges[0]: expected an address range such as 10.0.0.0/8, found "10.0.0.1"',
    ],
    [
      "a range with too many bits",
      { ollama: "ingress: { host: o.test, allowedSourceRanges: [10.0.0.0/33] }" },
      'applications.ollama.ingress.allowedSourceRanges[0]: expected an address range such as 10.0.0.0/8, found "10.0.0.0/33"',
    ],
    [
      "a range of no address",
      { ollama: "ingress: { host: o.test, allowedSourceRanges: [300.0.0.0/8] }" },
      'applications.ollama.ingress.allowedSourceRanges[0]: expected an address range such as 10.0.0.0/8, found "300.0.0.0/8"',
    ],
    [
      "Ollama's ingress with a class that does not enforce its ranges",
      {
        top: "ingress: { className: traefik }",
        ollama: "ingress: { host: o.test, allowedSourceRanges: [10.0.0.0/8] }",
      },
      'ingress.className: found "traefik": no annotation keeps an Ingress to allowedSourceRanges there (ingress.controller: traefik), and Ollama would be open to everybody: use a class of ingress-nginx (ingress-nginx), HAProxy (haproxy) and HAProxy Ingress (haproxy-ingress), or remove applications.ollama.ingress',
    ],
    [
      "Ollama's ingress with nginx of another maker",
      {
        top: "ingress: { controller: f5-nginx }",
        ollama: "ingress: { host: o.test, allowedSourceRanges: [10.0.0.0/8] }",
      },
      'ingress.className: found "nginx": no annotation keeps an Ingress to allowedSourceRanges there (ingress.controller: f5-nginx), and Ollama would be open to everybody: use a class of ingress-nginx (ingress-nginx), HAProxy (haproxy) and HAProxy Ingress (haproxy-ingress), or remove applications.ollama.ingress',
    ],
    [
      "a class of which nobody knows who serves it",
      { top: "ingress: { className: public }", librechat: "ingress: { host: c.test }" },
      'ingress.className: found "public", which is nobody\'s by its name: say which ingress controller serves it, for large files and long answers: ingress.controller (allowed: other, ingress-nginx, haproxy, haproxy-ingress, traefik, contour, f5-nginx)',
    ],
    [
      "an ingress controller that is not known",
      { top: "ingress: { className: traefik, controller: treafik }" },
      'ingress.controller: found "treafik", did you mean traefik? (allowed: other, ingress-nginx, haproxy, haproxy-ingress, traefik, contour, f5-nginx)',
    ],
    [
      "a credential whose name is no variable's",
      { librechat: "credentials: { openai-key: given }" },
      'applications.librechat.credentials.openai-key: expected the name of an environment variable, such as OPENAI_API_KEY, found "openai-key"',
    ],
    [
      "a credential's value in the place of its origin, which is not shown",
      { librechat: "credentials: { OPENAI_API_KEY: sk-hunter2 }" },
      "applications.librechat.credentials.OPENAI_API_KEY: found something else, which is not shown (allowed: random, given)",
    ],
    [
      "a credential's value that is a number",
      { librechat: "credentials: { PIN: 4711 }" },
      "applications.librechat.credentials.PIN: found something else, which is not shown (allowed: random, given)",
    ],
    [
      "a credential's value beside its name",
      { librechat: 'credentials: { "OPENAI_API_KEY=hunter2": given }' },
      'applications.librechat.credentials.OPENAI_API_KEY…: expected the name of an environment variable, such as OPENAI_API_KEY, found "OPENAI_API_KEY…"',
    ],
    [
      "credentials that are no mapping",
      { librechat: "credentials: [OPENAI_API_KEY=hunter2]" },
      "applications.librechat.credentials: expected a mapping, found something else, which is not shown",
    ],
    [
      "TLS for Ollama, which its ingress does not offer",
      { ollama: "ingress: { host: o.test, allowedSourceRanges: [10.0.0.0/8], tls: { secretName: t } }" },
      "applications.ollama.ingress.tls: unknown key (allowed: host, allowedSourceRanges, annotations)",
    ],
    [
      "an expected object without its kind",
      "drift: { expected: [istio-ca-root-cert] }",
      'drift.expected[0]: expected KIND/NAME, such as ConfigMap/istio-ca-root-cert, found "istio-ca-root-cert"',
    ],
    [
      "the same host twice",
      {
        librechat: "ingress: { host: a.test }",
        ollama: "ingress: { host: a.test, allowedSourceRanges: [10.0.0.0/8] }",
      },
      'applications.ollama.ingress.host: found "a.test": is the host of applications.librechat too: give each its own',
    ],
  ] as [string, string | (Of & { readonly top?: string }), string][])("%s", (_what, more, message) => {
    const { top, ...of } = typeof more === "string" ? { top: more } : more;
    expect(messageFor(environmentText({}, top, of))).toBe(`${file}: ${message}`);
  });

  test.each([
    ["no cluster", { cluster: "" }, "cluster: missing, expected a mapping"],
    [
      "a cluster by name alone",
      { cluster: "cluster: minikube" },
      'cluster: expected a mapping, found "minikube"',
    ],
    ["no context", { cluster: "cluster: { kubeconfig: k }" }, "cluster.context: missing, expected a string"],
    [
      "an empty context",
      { cluster: "cluster: { context: '' }" },
      'cluster.context: expected the name of a context, found ""',
    ],
    [
      "a context that YAML reads as a number",
      { cluster: "cluster: { context: 0400 }" },
      "cluster.context: expected a string, found 256: put it in quotes",
    ],
    ["no models", { models: "" }, "applications.ollama.models: missing, expected a list"],
    [
      "an empty list of models",
      { models: "models: []" },
      "applications.ollama.models: expected at least one model, found []",
    ],
    [
      "a model that is not in a list",
      { models: "models: llama2" },
      'applications.ollama.models: expected a list, found "llama2"',
    ],
    [
      "a number for a model",
      { models: "models: [llama2, 7]" },
      "applications.ollama.models[1]: expected a string, found 7: put it in quotes",
    ],
    [
      "a model that leaves its folder",
      { models: "models: [../x]" },
      `applications.ollama.models[0]: ${modelExpected}, found "../x"`,
    ],
    [
      "a model that looks like an option",
      { models: "models: [--help]" },
      `applications.ollama.models[0]: ${modelExpected}, found "--help"`,
    ],
    [
      "a model with an empty tag",
      { models: 'models: ["llama2:"]' },
      `applications.ollama.models[0]: ${modelExpected}, found "llama2:"`,
    ],
    [
      "a port that is none",
      { models: 'models: ["hf.co:https/a/b"]' },
      `applications.ollama.models[0]: ${modelExpected}, found "hf.co:https/a/b"`,
    ],
    ["no GPU section", { gpu: "" }, "applications.ollama.gpu: missing, expected a mapping"],
    [
      "a GPU count in words",
      { gpu: "gpu: { count: one }" },
      'applications.ollama.gpu.count: expected a number, found "one"',
    ],
    [
      "a part of a GPU",
      { gpu: "gpu: { count: 0.5 }" },
      "applications.ollama.gpu.count: expected a whole number, found 0.5",
    ],
    [
      "a negative count of GPUs",
      { gpu: "gpu: { count: -1 }" },
      "applications.ollama.gpu.count: expected 0 to 16, found -1",
    ],
    [
      "more GPUs than a node holds",
      { gpu: "gpu: { count: 17 }" },
      "applications.ollama.gpu.count: expected 0 to 16, found 17",
    ],
    [
      "infinitely many GPUs",
      { gpu: "gpu: { count: .inf }" },
      "not valid YAML: neither Helm nor Kubernetes takes .inf or .nan",
    ],
    [
      "a misspelt type of GPU",
      { gpu: "gpu: { count: 1, type: nvida }" },
      'applications.ollama.gpu.type: found "nvida", did you mean nvidia? (allowed: nvidia, amd)',
    ],
    [
      "another type of GPU",
      { gpu: "gpu: { count: 1, type: intel }" },
      'applications.ollama.gpu.type: found "intel" (allowed: nvidia, amd)',
    ],
    [
      "a number for a type of GPU",
      { gpu: "gpu: { count: 1, type: 3 }" },
      "applications.ollama.gpu.type: found 3 (allowed: nvidia, amd)",
    ],
    [
      "a RuntimeClass for GPUs without a GPU",
      { gpu: "gpu: { count: 0, runtimeClass: nvidia }" },
      'applications.ollama.gpu.runtimeClass: found "nvidia": is for GPUs, and there is none: set gpu.count or remove gpu.runtimeClass',
    ],
    [
      "a claim of GPUs without a GPU",
      { gpu: "gpu: { count: 0, deviceClass: gpu.nvidia.com }" },
      'applications.ollama.gpu.deviceClass: found "gpu.nvidia.com": is for GPUs, and there is none: set gpu.count or remove gpu.deviceClass',
    ],
    [
      "two ways to ask for GPUs",
      { gpu: "gpu: { count: 1, resource: nvidia.com/gpu, claimTemplate: mine }" },
      'applications.ollama.gpu.claimTemplate: found "mine": is another way to ask for GPUs than gpu.resource: remove one of them',
    ],
    [
      "GPUs of one maker called after another",
      { gpu: "gpu: { count: 1, type: amd, resource: nvidia.com/gpu.shared }" },
      'applications.ollama.gpu.type: found "amd": what it asks for is called nvidia: correct gpu.type or remove it',
    ],
    [
      "a resource that is no device plugin's",
      { gpu: "gpu: { count: 1, resource: cpu }" },
      'applications.ollama.gpu.resource: expected a resource of a device plugin, such as nvidia.com/gpu or nvidia.com/mig-1g.5gb, found "cpu"',
    ],
  ])("%s", (_what, parts, message) => {
    expect(messageFor(environmentText(parts))).toBe(`${file}: ${message}`);
  });
});

// The chart writes the models on a shell's command line.
test.each([
  ";",
  "&",
  "|",
  "$",
  "`",
  "(",
  ")",
  "<",
  ">",
  "'",
  '"',
  "\\",
  " ",
  "\n",
  "*",
  "?",
  "#",
  "~",
  "!",
  "{",
  "}",
])("fails on a model with %j, which a shell would read", (character) => {
  const model = JSON.stringify(`llama2${character}x`);
  expect(messageFor(environmentText({ models: `models: [${model}]` }))).toBe(
    `${file}: applications.ollama.models[0]: ${modelExpected}, found ${model}`,
  );
});

test("fails with one line for each fault", () => {
  const applications = "applications: { ollama: { models: [], gpu: { count: one } } }";
  expect(messageFor(`cluster: { context: minikube, name: x }\nstate: s3\n${applications}\n`)).toBe(
    [
      `${file}: cluster.name: unknown key (allowed: context, kubeconfig, recordsNamespace)`,
      `${file}: state: expected a mapping, found "s3"`,
      `${file}: applications.ollama.models: expected at least one model, found []`,
      `${file}: applications.ollama.gpu.count: expected a number, found "one"`,
    ].join("\n"),
  );
});

test("fails on the old name of a rule that was called after an application, with its new one", () => {
  const exempted = "exemptions: { open-ollama: nobody else is in this network }";
  expect(messageFor(`cluster: { context: minikube }\n${exempted}\n`)).toBe(
    `${file}: exemptions.open-ollama: is called exemptions.open-release now: rename it`,
  );
});

test("fails on a file of the form without applications, with the place where each key goes", () => {
  const old = [
    "cluster: { context: minikube }",
    "models: [llama2]",
    "gpu: { count: 1 }",
    "storage: { models: 5Gi, database: 8Gi, onDestroy: keep }",
    "ingress: { librechat: { host: a.test } }",
    "quotas: { ollama: { pods: 5 } }",
    "librechat: { features: { webSearch: true } }",
  ];
  expect(messageFor(old.join("\n")).split("\n")).toEqual([
    `${file}: models: goes to applications.ollama.models now: move it there`,
    `${file}: gpu: goes to applications.ollama.gpu now: move it there`,
    `${file}: storage.models: goes to applications.ollama.storage.models now: move it there`,
    `${file}: quotas.ollama: goes to applications.ollama.quota now: move it there`,
    `${file}: librechat: goes to applications.librechat now: move it there`,
    `${file}: storage.database: goes to applications.librechat.storage.database now: move it there`,
    `${file}: ingress.librechat: goes to applications.librechat.ingress now: move it there`,
  ]);
});
