import { outgoingTraffic } from "../../../applications/allowed-traffic";
import { credentialsOf } from "../../../applications/credentials";
import { loadEnvironment } from "../../../applications/load-environment";
import { loadSettings } from "../../../applications/load-settings";
import { releaseUrl } from "../../../applications/release-url";
import { findValues, releaseValues } from "../../../applications/release-values";
import { valueAt, type YamlMap } from "../../../settings/yaml-file";
import { checkPlatform } from "../../../stacks/platform";
import { failure } from "../failure";
import { releaseOf } from "../release-of";
import { repository, sampleRepository } from "../sample-repository";

function valuesFor(name: string, root = repository) {
  const settings = loadSettings(root, { ENVIRONMENT: name });
  return releaseValues(settings, releaseOf(settings.environment, "librechat"));
}

const urlOf = (root: string, name: string): string =>
  releaseUrl(releaseOf(loadEnvironment(root, name), "librechat")).url;

/** minikube with a setting of LibreChat. */
function sampleWith(setting: string) {
  const sample = sampleRepository();
  sample.edit("environments/minikube.yaml", "  librechat:\n", `  librechat:\n    ${setting}\n`);
  return sample;
}

const { ingress, initContainers, librechat } = valuesFor("production") as Record<string, YamlMap>;

test.each([
  ["the ingress", ingress],
  ["the container that waits for MongoDB", initContainers],
  ["what LibreChat reads from its surroundings", librechat?.configEnv],
])("%s looks like this", (_part, values) => {
  expect(values).toMatchSnapshot();
});

test("LibreChat, MongoDB and Meilisearch each read a Secret of their own", () => {
  expect(valuesFor("minikube")).toMatchObject({
    global: { librechat: { existingSecretName: "librechat-credentials-env" } },
    mongodb: { auth: { enabled: true, existingSecret: "librechat-mongodb-credentials-env" } },
    meilisearch: { auth: { existingMasterKeySecret: "librechat-meilisearch-credentials-env" } },
  });
});

test("LibreChat's own configuration is passed as text", () => {
  expect(valuesFor("minikube")).toMatchObject({
    librechat: { configYamlContent: expect.stringContaining("\nversion: 1.3.13\n") as string },
  });
});

test.each([
  ["minikube", "http://librechat.glukas.space"],
  ["production", "https://chat.example.com"],
])("in %s LibreChat knows that it is reached at %s", (name, url) => {
  expect(urlOf(repository, name)).toBe(url);
  expect(valuesFor(name)).toMatchObject({
    librechat: { configEnv: { DOMAIN_CLIENT: url, DOMAIN_SERVER: url } },
  });
});

test("over plain http the cookie is not marked as one for https, which a browser would drop", () => {
  expect(valuesFor("minikube")).toMatchObject({
    librechat: { configEnv: { SESSION_COOKIE_SECURE: "false" } },
  });
  expect(valuesFor("production")).not.toHaveProperty("librechat.configEnv.SESSION_COOKIE_SECURE");
});

test("LibreChat without an ingress is reached through a port-forward", () => {
  const sample = sampleRepository();
  sample.edit("environments/minikube-cpu.yaml", "    ingress:\n      host: librechat.glukas.space\n", "");
  expect(urlOf(sample.root, "minikube-cpu")).toBe("http://localhost:3080");
  expect(valuesFor("minikube-cpu", sample.root)).toMatchObject({ ingress: { enabled: false } });
});

test("its data is on claims that the charts do not make, and that would not go with the release", () => {
  expect(valuesFor("production")).toMatchObject({
    librechat: { imageVolume: { enabled: false } },
    volumes: [
      { name: "images", persistentVolumeClaim: { claimName: "images" } },
      { name: "uploads", persistentVolumeClaim: { claimName: "uploads" } },
      { name: "tmp", emptyDir: { sizeLimit: "512Mi" } },
      { name: "logs", emptyDir: { sizeLimit: "512Mi" } },
    ],
    volumeMounts: [
      { name: "images", mountPath: "/app/client/public/images" },
      { name: "uploads", mountPath: "/app/uploads" },
      { name: "tmp", mountPath: "/tmp" },
      { name: "logs", mountPath: "/app/logs" },
    ],
    mongodb: { persistence: { existingClaim: "database" } },
    meilisearch: { persistence: { existingClaim: "search" } },
  });
});

test("volumes of a values file are kept beside those of the platform, and one of /tmp takes its place", () => {
  const sample = sampleRepository();
  sample.write(
    "values/librechat.yaml",
    "volumes: [{ name: tmp, emptyDir: {} }]\nvolumeMounts: [{ name: tmp, mountPath: /tmp }]\n",
  );
  expect(valuesFor("minikube", sample.root)).toMatchObject({
    volumes: [{ name: "tmp", emptyDir: {} }, { name: "images" }, { name: "uploads" }, { name: "logs" }],
    volumeMounts: [{ name: "tmp" }, { name: "images" }, { name: "uploads" }, { name: "logs" }],
  });
});

test("nothing gets a token of Kubernetes: Meilisearch, whose chart has no key for it, goes by LibreChat's account", () => {
  expect(valuesFor("minikube")).toMatchObject({
    serviceAccount: { automount: false },
    meilisearch: { serviceAccount: { create: false, name: "librechat-librechat" } },
  });
  const sample = sampleRepository();
  sample.write("values/librechat.minikube.yaml", "serviceAccount: { create: false, name: mine }\n");
  const values = valuesFor("minikube", sample.root);
  expect(values.serviceAccount).toEqual({ create: false, name: "mine" });
  expect(values.meilisearch).not.toHaveProperty("serviceAccount");
});

test("a database or a search without persistence, or switched off, names no claim", () => {
  const sample = sampleRepository();
  sample.write(
    "values/librechat.yaml",
    "mongodb: { persistence: { enabled: false } }\nmeilisearch: { enabled: false }\n",
  );
  const values = valuesFor("minikube", sample.root);
  expect(values.mongodb).toMatchObject({ persistence: { enabled: false } });
  expect(values.mongodb).not.toMatchObject({ persistence: { existingClaim: "database" } });
  expect(values.meilisearch).toEqual({ enabled: false });
});

test("LibreChat offers the endpoints of its configuration alone, and agents where they are switched on", () => {
  expect(valuesFor("minikube")).toMatchObject({ librechat: { configEnv: { ENDPOINTS: "custom" } } });
  const sample = sampleWith("features: { agents: true }");
  expect(valuesFor("minikube", sample.root)).toMatchObject({
    librechat: { configEnv: { ENDPOINTS: "custom,agents" } },
  });
  sample.edit("values/librechat.yaml", '    SEARCH: "true"\n', '    ENDPOINTS: "custom,openAI"\n');
  expect(valuesFor("minikube", sample.root)).toMatchObject({
    librechat: { configEnv: { ENDPOINTS: "custom,openAI" } },
  });
});

test("the ingress lets a file of the largest size through, with what comes around it", () => {
  const sample = sampleWith("uploadLimitMebibytes: 100");
  const body = (root?: string) =>
    (valuesFor("minikube", root).ingress as { annotations: Record<string, string> }).annotations[
      "nginx.ingress.kubernetes.io/proxy-body-size"
    ];
  expect(body()).toBe("26m");

  expect(body(sample.root)).toBe("101m");
});

test("LibreChat starts once MongoDB answers, which its own image asks; others' init containers stay", () => {
  const sample = sampleRepository();
  sample.write("values/librechat.yaml", "initContainers: { mine: { image: busybox:1.37.0 } }\n");
  expect(valuesFor("minikube", sample.root).initContainers).toEqual({
    mine: { image: "busybox:1.37.0" },
    "wait-for-mongodb": expect.objectContaining({
      image: "registry.librechat.ai/danny-avila/librechat:v0.8.8-rc1",
      envFrom: [
        { configMapRef: { name: "librechat-librechat-configenv" } },
        { secretRef: { name: "librechat-credentials-env", optional: true } },
      ],
    }) as object,
  });
});

const file = "environments/minikube.yaml";
const secret = "is decided by the Secret librechat-credentials-env (npm run secrets): remove it here";

test.each([
  [
    "an ingress",
    "ingress: { className: traefik }",
    `ingress: is decided by applications.librechat.ingress in ${file}: remove it here`,
  ],
  [
    "LibreChat's own configuration",
    "librechat: { configYamlContent: 'version: 1' }",
    "librechat.configYamlContent: is decided by values/config/librechat.yaml: remove it here",
  ],
  [
    "the address",
    "librechat: { configEnv: { DOMAIN_CLIENT: 'http://a.test' } }",
    `librechat.configEnv.DOMAIN_CLIENT: is decided by applications.librechat.ingress in ${file}: remove it here`,
  ],
  [
    "the size of a claim",
    "mongodb: { persistence: { size: 1Gi } }",
    `mongodb.persistence.size: is decided by applications.librechat.storage.database in ${file}: remove it here`,
  ],
  [
    "a StorageClass",
    "meilisearch: { persistence: { storageClass: fast } }",
    `meilisearch.persistence.storageClass: is decided by storage.className in ${file}: remove it here`,
  ],
  [
    "a MongoDB of several",
    "mongodb: { architecture: replicaset }",
    "mongodb.architecture: is decided by the foundation stack, whose claim is for one MongoDB: remove it here",
  ],
  [
    "another claim",
    "mongodb: { persistence: { existingClaim: mine } }",
    "mongodb.persistence.existingClaim: is decided by the foundation stack: remove it here",
  ],
  [
    "what is written on a claim",
    "meilisearch: { persistence: { annotations: { a: b } } }",
    "meilisearch.persistence.annotations: is decided by the foundation stack: remove it here",
  ],
  [
    "the volume of the uploads",
    "librechat: { imageVolume: { size: 1Gi } }",
    `librechat.imageVolume: is decided by applications.librechat.storage.images and storage.className in ${file}: remove it here`,
  ],
  [
    "the container that waits",
    "initContainers: { wait-for-mongodb: { image: a } }",
    "initContainers.wait-for-mongodb: is decided by the llm-apps stack: remove it here",
  ],
  [
    "the Secret's name",
    "global: { librechat: { existingSecretName: mine } }",
    "global.librechat.existingSecretName: is decided by the foundation stack: remove it here",
  ],
  [
    "a credential",
    "librechat: { configEnv: { JWT_SECRET: hunter2 } }",
    `librechat.configEnv.JWT_SECRET: ${secret}`,
  ],
])("fails where a values file sets %s", (_what, values, message) => {
  const sample = sampleRepository();
  sample.write("values/librechat.yaml", `${values}\n`);
  const found = failure(() => valuesFor("minikube", sample.root));
  expect(found).toBe(`values/librechat.yaml:1: ${message}`);
  expect(found).not.toContain("hunter2");
});

test("fails on the overlay that is wrong, not on the file below it", () => {
  const sample = sampleRepository();
  sample.write("values/librechat.production.yaml", "librechat: { configEnv: { JWT_SECRET: hunter2 } }\n");
  expect(failure(() => valuesFor("production", sample.root))).toBe(
    `values/librechat.production.yaml:1: librechat.configEnv.JWT_SECRET: ${secret}`,
  );
});

test.each<[string, object, string]>([
  [
    "another ConfigMap for its own configuration",
    { librechat: { existingConfigYaml: "mine" } },
    "librechat.existingConfigYaml: is decided by values/config/librechat.yaml",
  ],
  [
    "another file for it",
    { librechat: { configEnv: { CONFIG_PATH: "https://example.com/librechat.yaml" } } },
    "librechat.configEnv.CONFIG_PATH: is decided by values/config/librechat.yaml",
  ],
  [
    "another file, by the list that goes before",
    { global: { librechat: { env: [{ name: "CONFIG_PATH", value: "/a" }] } } },
    "global.librechat.env.CONFIG_PATH: is decided by values/config/librechat.yaml",
  ],
  [
    "a credential of the Secret, by the same list",
    {
      global: {
        librechat: { env: [{ name: "CREDS_IV", valueFrom: { secretKeyRef: { name: "a", key: "b" } } }] },
      },
    },
    "global.librechat.env.CREDS_IV: is decided by the Secret librechat-credentials-env (npm run secrets)",
  ],
  [
    "a second MongoDB",
    { mongodb: { replicaCount: 3 } },
    "mongodb.replicaCount: is decided by the foundation stack, whose claim is for one MongoDB",
  ],
  [
    "a second Meilisearch",
    { meilisearch: { replicaCount: 2 } },
    "meilisearch.replicaCount: is decided by the foundation stack, whose claim is for one Meilisearch",
  ],
  [
    "TLS of a MongoDB whose address has none",
    { mongodb: { tls: { enabled: true } } },
    "mongodb.tls.enabled: is decided by the address of MongoDB in the Secret, which is one without TLS",
  ],
])("values may not decide what the platform does: %s", (_what, values, message) => {
  const sample = sampleRepository();
  sample.write("values/librechat.minikube.yaml", JSON.stringify(values));
  expect(failure(() => valuesFor("minikube", sample.root))).toBe(
    `values/librechat.minikube.yaml:1: ${message}: remove it here`,
  );
});

test.each([
  ["librechat", "ingress: { enabled: true }"],
  ["librechat", "global: { librechat: { existingSecretName: librechat-credentials-env } }"],
  ["ollama", "ollama: { gpu: { enabled: false } }"],
  ["ollama", "ingress: { enabled: false }"],
  ["ollama", 'priorityClassName: ""'],
])("what the chart of %s has anyway is no fault, whatever an environment decides: %s", (name, values) => {
  const sample = sampleRepository();
  sample.edit("environments/minikube-cpu.yaml", "    ingress:\n      host: librechat.glukas.space\n", "");
  sample.write(`values/${name}.yaml`, values);
  for (const environment of ["production", "minikube", "minikube-cpu"]) {
    const settings = loadSettings(sample.root, { ENVIRONMENT: environment });
    const { faults } = findValues(settings, releaseOf(settings.environment, name));
    expect(faults.filter((fault) => fault.includes("is decided by"))).toEqual([]);
  }
});

test.each(["/app/librechat.yaml", "/app/uploads", "/app/client/public/images"])(
  "values may not mount anything at %s, where the platform does",
  (mountPath) => {
    const sample = sampleRepository();
    const values = { volumes: [{ name: "a", emptyDir: {} }], volumeMounts: [{ name: "a", mountPath }] };
    sample.write("values/librechat.minikube.yaml", JSON.stringify(values));
    expect(failure(() => valuesFor("minikube", sample.root))).toBe(
      `values/librechat.minikube.yaml:1: volumeMounts[0].mountPath: found "${mountPath}", where the platform mounts what is its own: remove it`,
    );
  },
);

test("credentials that a chart publishes are taken away, and those that it has beside them are refused", () => {
  const sample = sampleRepository();
  const published = {
    CREDS_KEY: "9e95d9894da7e68dd69c0046caf5343c",
    JWT_SECRET: "16f8c0ef4a5d391b2603",
    HOST: "::",
  };
  const contract = "charts/librechat-2.0.8.json";
  sample.edit(
    contract,
    '"configEnv": [{"type":"map","default":null',
    `"configEnv": [{"type":"map","default":${JSON.stringify(published)}`,
  );
  const configEnv = (valuesFor("minikube", sample.root).librechat as YamlMap).configEnv;
  expect(configEnv).toMatchObject({ CREDS_KEY: null, JWT_SECRET: null, HOST: "0.0.0.0" });
  expect(() => checkPlatform(loadSettings(sample.root, {}))).not.toThrow();
  sample.edit(contract, `"default":${JSON.stringify(published)}`, '"default":{"SESSION_SECRET":"published"}');
  expect(failure(() => checkPlatform(loadSettings(sample.root, {})))).toMatch(
    /^values\/librechat\.yaml: librechat\.configEnv\.SESSION_SECRET: is not set, and the chart librechat has a value for it that is published with the chart: set it to null, and keep it in a Secret/,
  );
});

test("another version of a database is warned of, and another build of the same is not", () => {
  const deployment = (name: string, image: string) => ({
    spec: { template: { spec: { containers: [{ name, image }] } } },
  });
  const step = (name: string, before: string, after: string) =>
    releaseOf(loadEnvironment(repository, "minikube"), "librechat").application.stepBefore?.(
      deployment(name, before),
      deployment(name, after),
    );
  expect(step("mongodb", "bitnamilegacy/mongodb:8.0.13-debian-12-r0", "mongo:9.0.1")).toContain(
    "its MongoDB goes from 8.0 to 9.0, which need not read what the one before wrote: save it with npm run backup",
  );
  expect(step("meilisearch", "getmeili/meilisearch:v1.7.3", "getmeili/meilisearch:v1.35.1")).toContain(
    "its Meilisearch goes from 1.7 to 1.35",
  );
  expect(step("postgresql", "pgvector:0.8.0-pg15", "pgvector:0.8.0-pg16")).toContain(
    "its PostgreSQL, which keeps the documents of the RAG API, goes from 15 to 16, which need not read what the one before wrote: npm run backup saves nothing of it",
  );
  // Where the tag does not say which version it is, neither is known to be the same.
  expect(step("mongodb", "mongodb:8.0.13", "mongodb:8")).toContain("goes from 8.0 to 8,");
  expect(step("mongodb", "registry.example:5000/mongodb:8.0", "mongodb@sha256:9f8e")).toContain(
    "goes from 8.0 to mongodb@sha256:9f8e,",
  );
  expect(step("mongodb", "mongodb:8.0.13-r0", "mongodb:8.0.14-r1")).toBeUndefined();
  expect(
    step("mongodb", "mongodb:8.0.13", "registry.example:5000/mongodb:8.0.13@sha256:9f8e"),
  ).toBeUndefined();
  expect(step("postgresql", "postgresql:16.3", "postgresql:16.4")).toBeUndefined();
  expect(step("postgresql", "pgvector:0.8.0-pg15", "pgvector:1.0.0-pg15")).toBeUndefined();
  expect(step("mongodb", "mongodb@sha256:9f8e", "mongodb@sha256:9f8e")).toBeUndefined();
  expect(step("metrics", "exporter:1.0", "exporter:2.0")).toBeUndefined();
});

/** The CronJob of backups, by a line of the release in its environment. */
function backups(setting = "features: {}") {
  const { root } = sampleWith(setting);
  const { mongodb } = valuesFor("minikube", root) as { mongodb: { extraDeploy: [unknown, YamlMap] } };
  return { root, cronJob: mongodb.extraDeploy[1], text: JSON.stringify(mongodb.extraDeploy[1]) };
}

test("backups are hardened as LibreChat is, and are suspended where no schedule is set", () => {
  expect(backups().cronJob).toMatchObject({ kind: "CronJob", spec: { suspend: true } });
  // What is not wanted is not mounted either.
  expect(backups().text).not.toContain("/backup/backups");
  const { cronJob, text } = backups('backup: { schedule: "30 2 * * 0", keep: 4 }');
  expect(cronJob).toMatchObject({
    spec: {
      ...{ suspend: false, schedule: "30 2 * * 0", timeZone: "Etc/UTC", concurrencyPolicy: "Forbid" },
      jobTemplate: { spec: { activeDeadlineSeconds: 12 * 3600 } },
    },
  });
  expect(text).toContain('{"name":"KEEP","value":"4"}');
  expect(text).toContain('"secretKeyRef":{"name":"librechat-credentials-env","key":"MONGO_URI"}');
  // The address of the database, and none of LibreChat's other credentials.
  expect(text).not.toContain("envFrom");
  expect(text).toContain('"readOnlyRootFilesystem":true');
  expect(text).toContain('"automountServiceAccountToken":false');
});

test.each([
  ["daily", "expected when, as cron writes it in five fields"],
  ["0 3 * *", "expected when, as cron writes it in five fields"],
  ["60 3 * * *", "expected 0 to 59 for the minutes"],
  ["0 3-1 * * *", "expected 0 to 23 for the hours"],
  ["*/0 3 * * *", "expected 0 to 59 for the minutes"],
  ["0 3 0 * *", "expected 1 to 31 for the days of a month"],
  ["0 3 * 1,foo *", "expected 1 to 12 for the months"],
  ["0 3 * * 7", "expected 0 to 6 for the days of a week, from Sunday"],
])("fails for backups at %s, which the cluster would refuse", (schedule, expected) => {
  expect(failure(() => backups(`backup: { schedule: "${schedule}" }`))).toContain(expected);
});

test.each(["@weekly", "*/15 0-6/2,12 1,15 jan-MAR ?", "5/10 * * * MON-fri"])(
  "backups are made at %s",
  (schedule) => {
    expect(backups(`backup: { schedule: "${schedule}" }`).cronJob).toMatchObject({ spec: { schedule } });
  },
);

test("backups are encrypted for the public keys that an environment names", () => {
  const key = "age1eq2qmrc26kd5qnwe2jc8e8qwk2v6mma7nyfxfkt37aec4z2vsdqqzy02zu";
  const { root, text } = backups(`backup: { schedule: "@daily", recipients: [${key}, ${key}] }`);
  expect(text).toContain(`{"name":"RECIPIENTS","value":"${key} ${key}"}`);
  const release = releaseOf(loadEnvironment(root, "minikube"), "librechat");
  expect(release.application.backup?.(release).recipients).toEqual([key, key]);
  for (const wrong of [key.replace("eq2", "eq3"), "age1", key.toUpperCase(), "", "AGE-SECRET-KEY-1"]) {
    expect(failure(() => backups(`backup: { schedule: "@daily", recipients: ["${wrong}"] }`))).toContain(
      "expected the public key of an age key pair",
    );
  }
});

test("backups to a bucket have its client, its address and its credentials, and no claim", () => {
  const s3 = 'endpoint: "https://minio.example.com:9000", bucket: chat-backups, region: eu-1';
  const { root, cronJob, text } = backups(`backup: { schedule: "@daily", s3: { ${s3} } }`);
  expect(text).not.toContain("/backup/backups");
  const containers = valueAt(cronJob, ["spec", "jobTemplate", "spec", "template", "spec"]) as {
    readonly initContainers: readonly YamlMap[];
    readonly containers: readonly { readonly env: readonly YamlMap[] }[];
  };
  expect(containers.initContainers).toMatchObject([
    {
      image: expect.stringMatching(/^docker\.io\/rclone\/rclone:\d+\.\d+\.\d+$/),
      securityContext: { readOnlyRootFilesystem: true, runAsNonRoot: true },
    },
  ]);
  const env = (name: string) => containers.containers[0]?.env.find((one) => one.name === name);
  expect(env("BUCKET")?.value).toBe("chat-backups/minikube/librechat");
  expect(env("RCLONE_S3_ENDPOINT")?.value).toBe("https://minio.example.com:9000");
  expect(env("RCLONE_S3_REGION")?.value).toBe("eu-1");
  expect(env("RCLONE_S3_SECRET_ACCESS_KEY")?.valueFrom).toEqual({
    secretKeyRef: { name: "librechat-backup-credentials-env", key: "RCLONE_S3_SECRET_ACCESS_KEY" },
  });
  const environment = loadEnvironment(root, "minikube");
  expect(credentialsOf(environment).map(({ key }) => key)).toEqual(
    expect.arrayContaining(["BACKUP_S3_ACCESS_KEY_ID", "BACKUP_S3_SECRET_ACCESS_KEY"]),
  );
  const release = releaseOf(environment, "librechat");
  expect(outgoingTraffic(release, []).find(({ policy }) => policy === "librechat-backup-egress")).toEqual({
    policy: "librechat-backup-egress",
    from: { "app.kubernetes.io/name": "librechat-backup", "app.kubernetes.io/instance": "librechat" },
    destinations: ["0.0.0.0/0", "::/0"].map((cidr) => ({ to: { cidr }, ports: [9000] })),
  });
});

test.each([
  ["bucket: Chat", "expected the name of a bucket"],
  ["bucket: chat, endpoint: minio", "expected an address, such as https://"],
  ["bucket: chat, prefix: /a", "expected a path without / at either end"],
  ["bucket: chat, prefix: '{{ x }}'", "expected a path without / at either end"],
])("fails for a bucket with %s", (s3, expected) => {
  expect(failure(() => backups(`backup: { schedule: "@daily", s3: { ${s3} } }`))).toContain(expected);
});

test("Amazon's own is asked at its region's address", () => {
  const { text } = backups('backup: { schedule: "@daily", s3: { bucket: chat, prefix: a/b } }');
  expect(text).toContain('{"name":"RCLONE_S3_PROVIDER","value":"AWS"}');
  expect(text).toContain('{"name":"BUCKET","value":"chat/a/b"}');
  expect(text).not.toContain("RCLONE_S3_ENDPOINT");
});
