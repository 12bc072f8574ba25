import { environments, platformOf, synthesizePlatform } from "../synthesize-platform";
import { sampleRepository } from "../sample-repository";
import type { Block, Configuration } from "../synthesize";

function blocks({ resource = {} }: Configuration, type: string): Block[] {
  return Object.values(resource[type] ?? {});
}

function namespaceOf({ metadata }: Block): string {
  return (metadata as { namespace: string }).namespace;
}

function namespacesOf(configuration: Configuration, type: string): string[] {
  return blocks(configuration, type).map(namespaceOf);
}

/** Who may reach what, in words, as the NetworkPolicies say it. */
function allowed(configuration: Configuration): string[] {
  interface Peer {
    readonly namespace_selector?: { readonly match_labels: { readonly [label: string]: string } };
    readonly pod_selector?: { readonly match_labels: { readonly [label: string]: string } };
  }
  interface Policy {
    readonly metadata: { readonly namespace: string };
    readonly spec: {
      readonly pod_selector: Peer["pod_selector"];
      readonly ingress?: readonly {
        readonly from: readonly Peer[];
        readonly ports: readonly { port: string }[];
      }[];
    };
  }
  const name = (labels: { readonly [label: string]: string } | undefined) =>
    labels?.["app.kubernetes.io/name"] ?? "*";
  return (blocks(configuration, "kubernetes_network_policy_v1") as unknown as Policy[])
    .flatMap(({ metadata, spec }) =>
      (spec.ingress ?? []).flatMap(({ from, ports }) =>
        from.flatMap(({ namespace_selector, pod_selector }) =>
          ports.map(
            ({ port }) =>
              `${namespace_selector?.match_labels["kubernetes.io/metadata.name"] ?? "*"}/${name(pod_selector?.match_labels)}` +
              ` -> ${metadata.namespace}/${name(spec.pod_selector?.match_labels)}:${port}`,
          ),
        ),
      ),
    )
    .sort();
}

describe.each(environments)("the foundation of %s", (environment) => {
  const { foundation } = platformOf(environment);

  test("has both namespaces with Pod Security and the labels that everything carries", () => {
    const labels = (name: string, component: string) => ({
      "managed-by": "terraform",
      app: name,
      env: environment,
      "app.kubernetes.io/name": name,
      "app.kubernetes.io/instance": `${name}-${environment}`,
      "app.kubernetes.io/component": component,
      "app.kubernetes.io/part-of": "llm-platform",
      "app.kubernetes.io/managed-by": "terraform",
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    });
    expect(blocks(foundation, "kubernetes_namespace_v1").map(({ metadata }) => metadata)).toEqual([
      { name: "librechat", labels: labels("librechat", "chat") },
      { name: "ollama", labels: labels("ollama", "model-server") },
    ]);
  });

  test("labels every object", () => {
    const objects = Object.entries(foundation.resource ?? {}).filter(([type]) => type !== "terraform_data");
    for (const block of objects.flatMap(([, named]) => Object.values(named))) {
      expect(block.metadata).toMatchObject({
        labels: { "managed-by": "terraform", env: environment, "app.kubernetes.io/part-of": "llm-platform" },
      });
    }
  });

  test("lets nobody into either namespace, or out of it, by default", () => {
    const denied = blocks(foundation, "kubernetes_network_policy_v1")
      .filter(
        ({ spec }) => JSON.stringify(spec) === '{"pod_selector":{},"policy_types":["Ingress","Egress"]}',
      )
      .map(namespaceOf);
    expect(denied).toEqual(["librechat", "ollama"]);
  });

  test("has default limits in each namespace", () => {
    expect(namespacesOf(foundation, "kubernetes_limit_range_v1")).toEqual(["librechat", "ollama"]);
  });

  test("binds the groups of the environment in each namespace", () => {
    expect(namespacesOf(foundation, "kubernetes_role_binding_v1")).toEqual([
      ...["librechat", "librechat"],
      ...["ollama", "ollama"],
    ]);
    const groups = blocks(foundation, "kubernetes_role_binding_v1").map(({ role_ref, subject }) => [
      (role_ref as { name: string }).name,
      ...(subject as { name: string }[]).map(({ name }) => name),
    ]);
    const both = [
      ["edit", "llm-platform-editors"],
      ["view", "llm-platform-viewers"],
    ];
    expect(groups).toEqual([...both, ...both]);
  });

  test("evicts nobody for a model server, but places it before others", () => {
    expect(blocks(foundation, "kubernetes_priority_class_v1")).toEqual([
      {
        metadata: expect.objectContaining({ name: "llm-platform-model-server" }),
        description: "pods that hold a GPU: placed before others, but nobody is evicted for them",
        preemption_policy: "Never",
        value: 1000,
      },
    ]);
  });

  test("puts what each kind of pods reads into a Secret of theirs alone, and keeps none of it", () => {
    const secrets = blocks(foundation, "kubernetes_secret_v1");
    const secret = (pods: string, name: string, data: object) => ({
      data_wo: data,
      data_wo_revision: `\${try(var.credentials_revision.librechat_${pods}, 1)}`,
      depends_on: ["kubernetes_namespace_v1.librechat"],
      metadata: expect.objectContaining({ name, namespace: "librechat" }),
      type: "Opaque",
    });
    expect(secrets).toEqual([
      secret("meilisearch", "librechat-meilisearch-credentials-env", {
        MEILI_MASTER_KEY: "${var.meili_master_key}",
      }),
      secret("mongodb", "librechat-mongodb-credentials-env", {
        "mongodb-passwords": "${var.mongodb_password}",
        "mongodb-root-password": "${var.mongodb_root_password}",
      }),
      secret("web", "librechat-credentials-env", {
        CREDS_IV: "${var.creds_iv}",
        CREDS_KEY: "${var.creds_key}",
        JWT_REFRESH_SECRET: "${var.jwt_refresh_secret}",
        JWT_SECRET: "${var.jwt_secret}",
        MEILI_MASTER_KEY: "${var.meili_master_key}",
        MONGO_URI:
          "mongodb://librechat:${var.mongodb_password}@librechat-mongodb.librechat.svc.cluster.local:27017/LibreChat",
      }),
    ]);
  });

  test("asks for every credential by a variable, and for their revision", () => {
    expect(Object.keys(foundation.variable ?? {})).toEqual([
      "credentials_revision",
      "creds_iv",
      "creds_key",
      "jwt_refresh_secret",
      "jwt_secret",
      "meili_master_key",
      "mongodb_password",
      "mongodb_root_password",
    ]);
  });

  test("has a claim for all data, after what guards it, so that this goes later, and waits for none", () => {
    const guards = (name: string) => `resource_quota_v1.${name}_quota,network_policy_v1.${name}_default-deny`;
    const claims = foundation.resource?.kubernetes_persistent_volume_claim_v1 ?? {};
    expect(
      Object.entries(claims).map(([id, { metadata, depends_on: needed }]) => {
        const { namespace, name } = metadata as { namespace: string; name: string };
        return [id, `${namespace}/${name}`, String(needed).replace(/_[0-9A-F]{8}\b|kubernetes_/g, "")];
      }),
    ).toEqual([
      ["librechat_database", "librechat/database", guards("librechat")],
      ["librechat_images", "librechat/images", guards("librechat")],
      ["librechat_search", "librechat/search", guards("librechat")],
      ["librechat_uploads", "librechat/uploads", guards("librechat")],
      ["ollama_models", "ollama/models", guards("ollama")],
    ]);
    for (const claim of Object.values(claims)) expect(claim).toMatchObject({ wait_until_bound: false });
  });

  test("tells the namespaces", () => {
    expect(foundation.output).toEqual({
      namespaces: { value: ["ollama", "librechat"] },
    });
  });
});

const everywhere = [
  "librechat/librechat-backup -> librechat/mongodb:27017",
  "librechat/librechat-librechat -> librechat/meilisearch:7700",
  "librechat/librechat-librechat -> librechat/mongodb:27017",
  "librechat/librechat-librechat -> ollama/ollama:11434",
  "ollama/ollama-models -> ollama/ollama:11434",
];
const web = "ingress-nginx/* -> librechat/librechat-librechat:3080";

test.each([
  ["minikube", [web, "ingress-nginx/* -> ollama/ollama:11434", ...everywhere]],
  ["minikube-cpu", [web, ...everywhere]],
  ["sandbox", [web, ...everywhere]],
  ["production", [web, ...everywhere]],
])(
  "in %s the database and the search are reached from LibreChat alone, and Ollama from where the environment says",
  (environment, flows) => {
    expect(allowed(platformOf(environment).foundation)).toEqual(flows);
  },
);

test("nothing is reached from an ingress controller where nothing is exposed", () => {
  const sample = sampleRepository();
  sample.edit("environments/minikube-cpu.yaml", "    ingress:\n      host: librechat.glukas.space\n", "");
  expect(allowed(synthesizePlatform("minikube-cpu", { sample }).foundation)).toEqual(everywhere);
});

test("the ingress controller is looked for where the environment says it runs", () => {
  const sample = sampleRepository();
  sample.edit(
    "environments/sandbox.yaml",
    "storage:\n  onDestroy",
    "ingress:\n  controllerNamespace: edge\n\nstorage:\n  onDestroy",
  );
  expect(allowed(synthesizePlatform("sandbox", { sample }).foundation)).toContain(
    "edge/* -> librechat/librechat-librechat:3080",
  );
});

/** A quota as the cluster gets it. Memory limits may add up to twice what is requested. */
const quota = (
  cpu: number,
  [memory, limit]: [number, number],
  pods: number,
  storage: number,
  gpus: number,
) => ({
  "requests.cpu": `${cpu}`,
  "requests.memory": `${memory}Gi`,
  "limits.memory": `${limit}Gi`,
  pods: `${pods}`,
  "requests.storage": `${storage}Gi`,
  "requests.nvidia.com/gpu": `${gpus}`,
  "requests.amd.com/gpu": "0",
  "count/resourceclaims.resource.k8s.io": "0",
});

test.each([
  ["minikube", quota(4, [4, 8], 20, 50, 0), quota(8, [16, 32], 10, 100, 1)],
  ["minikube-cpu", quota(4, [4, 8], 20, 50, 0), quota(4, [8, 16], 5, 20, 0)],
  ["sandbox", quota(4, [4, 8], 20, 50, 0), quota(8, [16, 32], 10, 100, 1)],
  ["production", quota(16, [16, 32], 50, 200, 0), quota(32, [64, 128], 20, 500, 1)],
])("in %s each namespace has the environment's quota, LibreChat's without a GPU", (environment, ...hard) => {
  const quotas = blocks(platformOf(environment).foundation, "kubernetes_resource_quota_v1");
  expect(quotas.map(({ spec }) => spec)).toEqual(hard.map((each) => ({ hard: each })));
});

test.each([
  ["AMD's", "type: amd", { "requests.nvidia.com/gpu": "0", "requests.amd.com/gpu": "2" }],
  [
    "parts",
    "resource: nvidia.com/mig-1g.5gb",
    { "requests.nvidia.com/gpu": "0", "requests.nvidia.com/mig-1g.5gb": "2" },
  ],
  [
    "shares",
    "resource: nvidia.com/gpu.shared",
    { "requests.nvidia.com/gpu": "0", "requests.nvidia.com/gpu.shared": "2" },
  ],
  [
    "claims",
    "deviceClass: gpu.nvidia.com",
    { "requests.nvidia.com/gpu": "0", "gpu.nvidia.com.deviceclass.resource.k8s.io/devices": "2" },
  ],
])("GPUs of another kind are counted as what they are, and others get none: %s", (_what, line, expected) => {
  const sample = sampleRepository();
  sample.edit("environments/minikube.yaml", "count: 1", `count: 2\n      ${line}`);
  const quotas = blocks(
    synthesizePlatform("minikube", { sample }).foundation,
    "kubernetes_resource_quota_v1",
  );
  const [librechat, ollama] = quotas.map(({ spec }) => (spec as { hard: { [key: string]: string } }).hard);
  expect(ollama).toMatchObject(expected);
  for (const key of Object.keys(expected)) expect(["0", undefined]).toContain(librechat?.[key]);
  expect(librechat).toMatchObject({ "count/resourceclaims.resource.k8s.io": "0" });
});

/** The addresses of what Terraform refuses to destroy. */
function refused({ resource = {} }: Configuration): string[] {
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named)
      .filter(([, { lifecycle }]) => (lifecycle as { prevent_destroy?: boolean })?.prevent_destroy)
      .map(([id]) => `${type}.${id}`),
  );
}

const data = [
  "kubernetes_namespace_v1.librechat",
  "kubernetes_namespace_v1.ollama",
  "kubernetes_persistent_volume_claim_v1.librechat_database",
  "kubernetes_persistent_volume_claim_v1.librechat_images",
  "kubernetes_persistent_volume_claim_v1.librechat_search",
  "kubernetes_persistent_volume_claim_v1.librechat_uploads",
  "kubernetes_persistent_volume_claim_v1.ollama_models",
];

test.each(["minikube", "minikube-cpu", "production"])(
  "the data of %s is kept, and an address says how to go on",
  (environment) => {
    const { foundation } = platformOf(environment);
    const wayOut = `npm_run_destroy_keeps_the_data_and_DELETE_DATA_${environment}_deletes_it`;
    expect(refused(foundation)).toEqual([...data, `terraform_data.${wayOut}`]);
    // Destroyed first, so that Terraform stops there and says this alone.
    expect((foundation.resource?.terraform_data?.[wayOut]?.depends_on as string[]).sort()).toEqual(data);
  },
);

test("the sandbox's data goes with it", () => {
  const { foundation } = platformOf("sandbox");
  expect(refused(foundation)).toEqual([]);
  expect(foundation.resource).not.toHaveProperty("terraform_data");
});

const claim = (storage: string) => ({
  access_modes: ["ReadWriteOnce"],
  resources: { requests: { storage } },
});
const claimsOf = (configuration: Configuration) =>
  blocks(configuration, "kubernetes_persistent_volume_claim_v1").map(({ spec }) => spec);
const productionSizes = ["50Gi", "50Gi", "10Gi", "50Gi", "100Gi"];

test.each([
  ["minikube", ["8Gi", "5Gi", "1Gi", "5Gi", "30Gi"]],
  ["minikube-cpu", ["8Gi", "5Gi", "1Gi", "5Gi", "5Gi"]],
  ["sandbox", ["8Gi", "5Gi", "1Gi", "5Gi", "5Gi"]],
  ["production", productionSizes],
])(
  "in %s the claims have the environment's sizes, and the cluster's default StorageClass",
  (environment, sizes) => {
    expect(claimsOf(platformOf(environment).foundation)).toEqual(sizes.map(claim));
  },
);

test.each([
  ['{ schedule: "@daily" }', ["5Gi"]],
  ['{ schedule: "@daily" }\n    storage: { backups: 50Gi }', ["50Gi"]],
  ['{ schedule: "@daily", s3: { bucket: chat } }', []],
  // What was kept until then stays for whoever says so.
  ['{ schedule: "@daily", s3: { bucket: chat } }\n    storage: { backups: 5Gi }', ["5Gi"]],
])("with backup: %s there are claims for backups of %j", (backup, sizes) => {
  const sample = sampleRepository();
  sample.edit("environments/minikube.yaml", "  librechat:\n", `  librechat:\n    backup: ${backup}\n`);
  const { foundation } = synthesizePlatform("minikube", { sample });
  const claims = foundation.resource?.kubernetes_persistent_volume_claim_v1 ?? {};
  const found = Object.entries(claims).filter(([id]) => id === "librechat_backups");
  expect(found.map(([, { spec }]) => spec)).toEqual(sizes.map(claim));
});

test("the claims have the environment's StorageClass where it names one", () => {
  const sample = sampleRepository();
  sample.edit("environments/production.yaml", "access:\n", "storage:\n  className: fast\n\naccess:\n");
  expect(claimsOf(synthesizePlatform("production", { sample }).foundation)).toEqual(
    productionSizes.map((size) => ({ ...claim(size), storage_class_name: "fast" })),
  );
});

describe("the data of a release whose place is the namespace small", () => {
  const own = "application: ollama, models: [tiny], gpu: { count: 0 }";
  const foundationWith = (releases: string): Configuration => {
    const sample = sampleRepository();
    sample.edit("environments/minikube-cpu.yaml", "  librechat:\n", `${releases}\n  librechat:\n`);
    const { foundation } = synthesizePlatform("minikube-cpu", { sample });
    // The Secret of LibreChat is moved everywhere.
    return { ...foundation, moved: foundation.moved?.filter(({ to }) => !to.includes("credentials")) };
  };
  const addresses = (resource: Configuration["resource"] = {}): string[] =>
    Object.entries(resource)
      .flatMap(([type, named]) => Object.keys(named).map((id) => `${type}.${id}`))
      .sort();
  const kept = (releases: string): string[] =>
    refused(foundationWith(releases)).filter((one) => /small/.test(one));
  const place = ["kubernetes_namespace_v1.small", "kubernetes_persistent_volume_claim_v1.small_models"];

  test.each([
    ["of its own name", `  small: { ${own} }`],
    ["of another name", `  mini: { namespace: small, ${own} }`],
    ["that is not installed", `  small: { installed: false, ${own} }`],
    [
      "that moved, and left it to another one",
      `  small: { namespace: new, ${own} }\n  old: { namespace: small, installed: false, ${own} }`,
    ],
  ])("has the same addresses for one %s", (_what, releases) => {
    expect(kept(releases)).toEqual(place);
  });

  // What is called as a part of it is, its name is not repeated in.
  test.each(["mini", "mini-limits"])(
    "is moved with all else of it from where it was called after its release: %s",
    (release) => {
      const { moved = [], resource } = foundationWith(`  ${release}: { namespace: small, ${own} }`);
      const today = addresses(resource).filter((address) => /\.small/.test(address));
      expect(moved.map(({ to }) => to).sort()).toEqual(today);
      const before = foundationWith(`  ${release}: { ${own} }`).resource;
      const then = addresses(before).filter((address) => /\.mini/.test(address));
      expect(moved.map(({ from }) => from).sort()).toEqual(then);
    },
  );

  test.each([
    ["is still there", `  small: { ${own} }`],
    ["is that of another one", `  mini: { namespace: small, ${own} }\n  small: { namespace: mini, ${own} }`],
  ])("is not moved from a place that %s", (_what, releases) => {
    expect(foundationWith(releases).moved).toEqual([]);
  });

  test("has nothing else where it is not installed: nobody is let in", () => {
    const sample = sampleRepository();
    sample.edit(
      "environments/minikube-cpu.yaml",
      "  librechat:\n",
      `  small: { installed: false, ${own} }\n  librechat:\n`,
    );
    const { foundation, llmApps } = synthesizePlatform("minikube-cpu", { sample });
    expect(allowed(foundation).filter((flow) => flow.includes("small"))).toEqual([]);
    expect(Object.keys(llmApps.resource?.helm_release ?? {})).toEqual(["librechat", "ollama"]);
  });
});

test("an environment that only keeps data has no releases, and stays deployable", () => {
  const sample = sampleRepository();
  sample.edit("environments/minikube-cpu.yaml", "  ollama:\n", "  ollama:\n    installed: false\n");
  sample.edit("environments/minikube-cpu.yaml", "  librechat:\n", "  librechat:\n    installed: false\n");
  const { foundation, llmApps } = synthesizePlatform("minikube-cpu", { sample });
  expect(refused(foundation).slice(0, -1)).toEqual(data);
  expect(llmApps.resource?.helm_release).toBeUndefined();
});
