import { loadSettings } from "../../../applications/load-settings";
import { podSecurityOf, switchedOff } from "../../../applications/pod-security";
import { releaseValues } from "../../../applications/release-values";
import { failure } from "../failure";
import { releaseOf } from "../release-of";
import { repository, sampleRepository } from "../sample-repository";

function valuesFor(name: string, root = repository) {
  const settings = loadSettings(root, { ENVIRONMENT: name });
  return releaseValues(settings, releaseOf(settings.environment, "ollama"));
}

function withGpu(gpu: string) {
  const sample = sampleRepository();
  sample.edit("environments/minikube.yaml", "gpu:\n      count: 1\n", `gpu: ${gpu}\n`);
  return valuesFor("minikube", sample.root);
}

test("Ollama's values look like this", () => {
  expect({ ...valuesFor("minikube"), extraObjects: "see below" }).toMatchSnapshot();
});

test("Ollama keeps its models on a claim", () => {
  expect(valuesFor("minikube")).toMatchObject({
    persistentVolume: { enabled: true, existingClaim: "models" },
  });
});

/** What the release has beside what the chart makes: what is to be pulled, and who has it pulled. */
function extraObjects(settings: string) {
  const sample = sampleRepository();
  sample.edit("environments/minikube.yaml", "models: [llama2, codellama]", settings);
  const { extraObjects, extraEnv } = valuesFor("minikube", sample.root);
  const [{ data }] = extraObjects as [{ data: { [file: string]: string } }];
  return { data, extraObjects: extraObjects as object[], extraEnv };
}

test("a Job that Helm waits for has the models of the environment pulled", () => {
  const { data, extraObjects: made } = extraObjects("models: [llama2, codellama]");
  expect(data).toMatchObject({ pull: "llama2:latest\ncodellama:latest\n", insecure: "", make: "" });
  expect(made[1]).toMatchObject({
    kind: "Job",
    metadata: { annotations: { "helm.sh/hook": "post-install,post-upgrade,post-rollback" } },
  });
});

test("models for embeddings are pulled as well, and those of an insecure registry as such", () => {
  const { data } = extraObjects(
    'models: [llama2, "registry.local:5000/library/llama3:8b"]\n    embeddings: [nomic-embed-text]\n    insecureRegistries: ["registry.local:5000"]',
  );
  expect(data).toMatchObject({
    pull: "llama2:latest\nnomic-embed-text:latest\n",
    insecure: "registry.local:5000/library/llama3:8b\n",
  });
});

test("a model of a Modelfile is made, not pulled, and the chart takes nothing of it for its own", () => {
  const { data } = extraObjects(
    'models: [llama2, "helper:v1"]\n    modelfiles: { "helper:v1": "FROM llama2\\nTEMPLATE {{ .Prompt }}\\n" }',
  );
  expect(data).toMatchObject({
    pull: "llama2:latest\n",
    make: "0.modelfile helper:v1\n",
    "0.modelfile": "FROM llama2\nTEMPLATE {{ `{{` }} .Prompt }}\n",
  });
});

test("what a model is made of is pulled like any other, where it is none that is made itself", () => {
  const registry = "registry.local:5000";
  const helper = `SYSTEM """a\nfrom b"""\nfrom ${registry}/library/base:8b`;
  const modelfiles = `{ helper: ${JSON.stringify(helper)}, second: FROM helper, third: FROM /mnt/a.gguf }`;
  const setting = `models: [helper, second, third]\n    modelfiles: ${modelfiles}`;
  const { data } = extraObjects(`${setting}\n    insecureRegistries: ["${registry}"]`);
  expect(data).toMatchObject({ pull: "", insecure: `${registry}/library/base:8b\n` });
  const sample = sampleRepository();
  sample.edit("environments/minikube.yaml", "models: [llama2, codellama]", setting);
  const { application, own } = releaseOf(loadSettings(sample.root, {}).environment, "ollama");
  expect(application.egress?.(own).map(({ ports }) => ports)).toEqual([[5000], [5000]]);
});

test("how Ollama serves its models is passed to where it reads that", () => {
  const { extraEnv } = extraObjects(
    "models: [llama2]\n    contextLength: 8192\n    parallelRequests: 4\n    keepLoaded: 24h",
  );
  const usual = valuesFor("minikube").extraEnv as object[];
  expect(extraEnv).toEqual([
    ...usual,
    { name: "OLLAMA_CONTEXT_LENGTH", value: "8192" },
    { name: "OLLAMA_NUM_PARALLEL", value: "4" },
    { name: "OLLAMA_KEEP_ALIVE", value: "24h" },
  ]);
});

test.each([
  [
    "models: [llama2]\n    modelfiles: { helper: FROM llama2 }",
    "helper:latest is among neither models nor embeddings",
  ],
  [
    "models: [helper]\n    modelfiles: { helper: SYSTEM hello }",
    "expected a Modelfile, which has a line FROM",
  ],
  ["models: [llama2]\n    embeddings: [llama2]", "has llama2:latest a second time"],
  ["models: [llama2]\n    keepLoaded: 5 minutes", "expected a duration such as 30m or 24h"],
  [
    "models: [llama2]\n    insecureRegistries: [https://r.local]",
    "expected a registry such as registry.local:5000",
  ],
  [
    'models: ["registry.local:5000/library/llama3"]\n    insecureRegistries: [registry.local]',
    "no model comes from registry.local: name it as the models do, with its port",
  ],
])("refuses %j", (settings, message) => {
  expect(failure(() => extraObjects(settings))).toContain(message);
});

test("Ollama gets the GPUs of the environment", () => {
  expect(withGpu("{ count: 2, type: amd, runtimeClass: rocm }")).toMatchObject({
    ollama: { gpu: { enabled: true, type: "amd", number: 2 } },
    runtimeClassName: "rocm",
  });
});

test.each([
  ["parts of one", "nvidia.com/mig-1g.5gb", { type: "nvidia", nvidiaResource: "nvidia.com/mig-1g.5gb" }],
  ["shares of one", "nvidia.com/gpu.shared", { type: "nvidia", nvidiaResource: "nvidia.com/gpu.shared" }],
  ["virtual ones", "volcano.sh/vgpu-number", { type: "nvidia", nvidiaResource: "volcano.sh/vgpu-number" }],
  ["AMD's, by their name", "amd.com/gpu", { type: "amd" }],
])("Ollama gets %s", (_what, resource, chartsGpu) => {
  const values = withGpu(`{ count: 2, resource: ${resource} }`);
  const { ollama } = values as { ollama: { gpu: object } };
  expect(ollama.gpu).toEqual({ enabled: true, number: 2, ...chartsGpu });
  // Nodes keep others away by the name of whole ones.
  expect(values.tolerations).toEqual([
    { key: `${chartsGpu.type}.com/gpu`, operator: "Exists", effect: "NoSchedule" },
  ]);
});

test("of AMD's GPUs Ollama gets parts, and no whole one beside them", () => {
  expect(withGpu("{ count: 1, resource: amd.com/cpx_nps4 }")).toMatchObject({
    resources: { limits: { "amd.com/gpu": "0", "amd.com/cpx_nps4": "1", memory: "16Gi" } },
  });
});

test("Ollama claims devices of a class, or what a template says", () => {
  expect(withGpu("{ count: 2, deviceClass: gpu.amd.com }")).toMatchObject({
    ollama: { gpu: { type: "amd", number: 2, draEnabled: true, draDriverClass: "gpu.amd.com" } },
  });
  expect(withGpu("{ count: 1, claimTemplate: half-a-gpu }")).toMatchObject({
    ollama: { gpu: { type: "nvidia", draEnabled: true, draExistingClaimTemplate: "half-a-gpu" } },
  });
});

test("Ollama asks for no GPU where there is none", () => {
  expect(valuesFor("minikube-cpu")).toMatchObject({ ollama: { gpu: { enabled: false } } });
  expect(valuesFor("minikube-cpu")).not.toHaveProperty("runtimeClassName");
});

test("the chart makes no claim, which would go with the release", () => {
  expect(Object.keys(valuesFor("production").persistentVolume as object)).toEqual([
    "enabled",
    "existingClaim",
  ]);
});

test("Ollama's ingress takes bodies of any size, since models are gigabytes", () => {
  expect(valuesFor("minikube")).toMatchObject({
    ingress: { annotations: { "nginx.ingress.kubernetes.io/proxy-body-size": "0" } },
  });
});

test.each([
  [
    "the articles' list of models",
    "ollama: { models: [llama2] }",
    "ollama.models: is decided by applications.ollama.models",
  ],
  [
    "models to pull",
    "ollama: { models: { pull: [llama2] } }",
    "ollama.models: is decided by applications.ollama.models",
  ],
  [
    "how long models stay loaded",
    "extraEnv: [{ name: OLLAMA_KEEP_ALIVE, value: 1h }]",
    "extraEnv.OLLAMA_KEEP_ALIVE: is decided by applications.ollama.keepLoaded",
  ],
  ["a GPU", "ollama: { gpu: { enabled: true } }", "ollama.gpu: is decided by applications.ollama.gpu"],
  [
    "a RuntimeClass",
    "runtimeClassName: nvidia",
    "runtimeClassName: is decided by applications.ollama.gpu.runtimeClass",
  ],
  [
    "a volume",
    "persistentVolume: { size: 1Gi }",
    "persistentVolume: is decided by applications.ollama.storage.models and storage.className",
  ],
  ["an ingress", "ingress: { enabled: true }", "ingress: is decided by applications.ollama.ingress"],
])("fails where a values file sets %s", (_what, values, message) => {
  const sample = sampleRepository();
  sample.write("values/ollama.yaml", `${values}\n`);
  expect(failure(() => valuesFor("minikube", sample.root))).toBe(
    `values/ollama.yaml:1: ${message} in environments/minikube.yaml: remove it here`,
  );
});

test("fails where an overlay sets a PriorityClass", () => {
  const sample = sampleRepository();
  sample.write("values/ollama.minikube-cpu.yaml", "priorityClassName: high\n");
  expect(failure(() => valuesFor("minikube-cpu", sample.root))).toBe(
    "values/ollama.minikube-cpu.yaml:1: priorityClassName: is decided by the foundation stack: remove it here",
  );
});

/** What is said of values in an overlay, where the environment has this GPU. */
function said(values: object, gpu = "{ count: 1 }"): string {
  const sample = sampleRepository();
  sample.edit("environments/minikube.yaml", "gpu:\n      count: 1\n", `gpu: ${gpu}\n`);
  sample.write("values/ollama.minikube.yaml", JSON.stringify(values));
  return failure(() => valuesFor("minikube", sample.root));
}

test.each([
  ["more of them", { limits: { "nvidia.com/gpu": 4 } }, 'limits["nvidia.com/gpu"]'],
  ["a request for them", { requests: { "nvidia.com/gpu": 4 } }, 'requests["nvidia.com/gpu"]'],
  ["parts of one", { limits: { "nvidia.com/mig-1g.5gb": 1 } }, 'limits["nvidia.com/mig-1g.5gb"]'],
  ["another maker's", { limits: { "gpu.intel.com/i915": 1 } }, 'limits["gpu.intel.com/i915"]'],
])("values may not ask for GPUs beside the environment: %s", (_what, resources, key) => {
  expect(said({ resources })).toBe(
    `values/ollama.minikube.yaml:1: resources.${key}: is decided by applications.ollama.gpu in environments/minikube.yaml: remove it here`,
  );
});

test("nor for what the environment calls a GPU, nor for claims beside its own", () => {
  expect(
    said(
      { resources: { limits: { "volcano.sh/vgpu-number": 1 } } },
      "{ count: 1, resource: volcano.sh/vgpu-number }",
    ),
  ).toContain('resources.limits["volcano.sh/vgpu-number"]: is decided by');
  expect(
    said({ resources: { claims: [{ name: "mine" }] } }, "{ count: 1, deviceClass: gpu.nvidia.com }"),
  ).toContain("resources.claims: is decided by");
});

test("without resources the chart would ask for no GPU: they may not be taken away where there is one", () => {
  expect(said({ resources: null })).toBe(
    "values/ollama.minikube.yaml:1: resources: is empty, and without resources the chart asks for no GPU, of which applications.ollama.gpu in environments/minikube.yaml has 1: remove it, or write {} for what the chart has",
  );
  const sample = sampleRepository();
  sample.write("values/ollama.minikube-cpu.yaml", "resources:\n");
  expect(valuesFor("minikube-cpu", sample.root).resources).toBeNull();
});

test("the address at which it listens is not for values to set", () => {
  expect(said({ extraEnv: [{ name: "OLLAMA_HOST", value: "127.0.0.1" }] })).toBe(
    "values/ollama.minikube.yaml:1: extraEnv.OLLAMA_HOST: is decided by the port by which policies and addresses know it: remove it here",
  );
});

test("Ollama runs as a user of its own, who starts once everything in the claim is theirs", () => {
  const values = valuesFor("minikube");
  expect(values).toMatchObject({
    serviceAccount: { automount: false },
    ollama: { mountPath: "/var/lib/ollama" },
    extraEnv: [
      { name: "HOME", value: "/var/lib/ollama" },
      { name: "OLLAMA_MODELS", value: "/var/lib/ollama/models" },
    ],
    podSecurityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
    securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
    initContainers: [{ name: "models-are-its-own", volumeMounts: [{ mountPath: "/var/lib/ollama" }] }],
  });
});

test("Ollama goes on as root where the environment says why, and then needs no models of its own", () => {
  const sample = sampleRepository();
  const reason = "podSecurityBaseline: the GPU is open to root alone";
  sample.edit("environments/minikube.yaml", "    gpu:\n", `    ${reason}\n    gpu:\n`);
  const values = valuesFor("minikube", sample.root);
  expect(values).not.toHaveProperty("initContainers");
  expect(values).toMatchObject({
    podSecurityContext: { seccompProfile: { type: "RuntimeDefault" } },
    // Not without its rights: it writes what another user owns.
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
  });
  const { environment } = loadSettings(sample.root, {});
  expect(podSecurityOf(releaseOf(environment, "ollama"))).toBe("baseline");
  expect(podSecurityOf(releaseOf(environment, "librechat"))).toBe("restricted");
  expect(switchedOff(environment)).toEqual([
    "the namespace ollama is under Pod Security baseline, not restricted: the GPU is open to root alone",
  ]);
});
