import * as yaml from "js-yaml";
import { environmentNames, loadEnvironment } from "../../applications/load-environment";
import type { OllamaSettings } from "../../applications/ollama/settings";
import { releaseOf } from "../unit/release-of";
import { repository, sampleRepository } from "../unit/sample-repository";
import {
  objectsIn,
  ofKind,
  renderedManifests,
  renderedObjects,
  type RenderedObject,
  type Workload,
  workloads,
} from "./rendered-objects";

// What the real LibreChat v0.8.7 was found to need of what is rendered, in every environment.

const environments = environmentNames(repository);

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly envFrom?: readonly {
    readonly configMapRef?: { name: string };
    readonly secretRef?: { name: string };
  }[];
  readonly readinessProbe?: { readonly httpGet: { readonly path: string } };
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
  }[];
  readonly resources?: { readonly limits?: { readonly memory?: string } };
}

interface Config {
  readonly secureImageLinks?: boolean;
  readonly interface: { readonly [key: string]: unknown };
  readonly modelSpecs: {
    readonly enforce: boolean;
    readonly prioritize: boolean;
    readonly addedEndpoints: readonly string[];
    readonly list: readonly {
      readonly default?: boolean;
      readonly preset: { readonly endpoint: string; readonly model: string };
    }[];
  };
  readonly endpoints: {
    readonly custom: readonly {
      readonly titleModel: string;
      readonly models: { readonly default: readonly string[] };
    }[];
  };
  readonly fileConfig: {
    readonly serverFileSizeLimit: number;
    readonly endpoints: { readonly custom: { readonly fileSizeLimit: number } };
  };
}

async function rendered(environment: string) {
  const objects = await renderedObjects(environment, "librechat");
  const data = (suffix: string): { readonly [key: string]: string } => {
    const found = objects.find(
      ({ kind, metadata }) => kind === "ConfigMap" && metadata.name === `librechat-librechat-${suffix}`,
    );
    if (!found) throw new Error(`no ConfigMap librechat-librechat-${suffix} is rendered`);
    return (found as RenderedObject & { data: { [key: string]: string } }).data;
  };
  const pod = workloads(objects).find(({ name }) => name === "librechat-librechat") as Workload;
  return {
    objects,
    env: data("configenv"),
    config: yaml.load(data("config")["librechat.yaml"] ?? "") as Config,
    web: pod.containers[0] as Container,
    init: pod.initContainers as readonly Container[],
    models: releaseOf<OllamaSettings>(loadEnvironment(repository, environment), "ollama").own.models,
  };
}

test.each(environments)(
  "%s: somebody new talks to the first model: agents are no endpoint, and each model is a spec by its full name",
  async (name) => {
    const { env, config, models } = await rendered(name);
    expect(env.ENDPOINTS).toBe("custom");
    const { list, ...specs } = config.modelSpecs;
    // In lower case: LibreChat compares it with the name that it made of the endpoint's.
    expect(specs).toEqual({ enforce: false, prioritize: true, addedEndpoints: ["ollama"] });
    expect(list.map(({ preset }) => preset)).toEqual(
      models.map((model) => ({ endpoint: "ollama", model, temperature: 0.7 })),
    );
    // What an endpoint adds replaces what a user sets, without a word.
    expect(config.endpoints.custom[0]).not.toHaveProperty("addParams");
    // A default would take every new chat back from what its user chose.
    expect(list.filter((spec) => spec.default)).toEqual([]);
    for (const model of models) expect(model).toMatch(/:[^/]+$/);
    const [endpoint] = config.endpoints.custom;
    expect(endpoint).toMatchObject({ titleModel: models[0], models: { default: models } });
  },
);

test.each(environments)("%s: what fails here is off, and what specs would hide is on", async (name) => {
  const { config } = await rendered(name);
  const none = { use: false, create: false, share: false, public: false };
  expect(config.interface).toEqual({
    webSearch: false,
    fileSearch: false,
    fileCitations: false,
    runCode: false,
    skills: false,
    memories: false,
    agents: none,
    mcpServers: none,
    marketplace: { use: false },
    parameters: true,
    presets: true,
  });
});

test.each(environments)(
  "%s: nothing that users store is lost with a pod, and images are behind the login",
  async (name) => {
    const { web, config, env } = await rendered(name);
    // What is written there otherwise goes with the pod.
    const passing = ["config-yaml", "tmp", "logs"];
    const mounts = (web.volumeMounts ?? []).filter(({ name: volume }) => !passing.includes(volume));
    expect(mounts.map(({ mountPath }) => mountPath).sort()).toEqual([
      "/app/client/public/images",
      "/app/uploads",
    ]);
    expect(new Set(mounts.map(({ name: volume }) => volume)).size).toBe(2);
    expect(config.secureImageLinks).toBe(true);
    expect(env).toMatchObject({ LOG_TO_FILE: "false", CONSOLE_JSON: "true" });
  },
);

test.each(environments)(
  "%s: LibreChat waits for MongoDB with its own image and its own address",
  async (name) => {
    const { web, init } = await rendered(name);
    const [wait, ...others] = init;
    expect(others).toEqual([]);
    expect(wait).toMatchObject({ name: "wait-for-mongodb", image: web.image, envFrom: web.envFrom });
    // The program that it runs is one that Node takes.
    const [node, option, script = ""] = wait?.command ?? [];
    expect([node, option]).toEqual(["node", "-e"]);
    expect(() => new Function(script)).not.toThrow();
  },
);

test.each(environments)(
  "%s: LibreChat is ready when it takes messages, and has the memory for an account beside chats",
  async (name) => {
    const { web } = await rendered(name);
    expect(web.readinessProbe?.httpGet.path).toBe("/readyz");
    expect(web.resources?.limits?.memory).toBe("1536Mi");
  },
);

test.each(environments)(
  "%s: an office behind one address logs in and signs up, and uploads are limited once",
  async (name) => {
    const { env, config, objects } = await rendered(name);
    expect(Number(env.LOGIN_MAX)).toBeGreaterThanOrEqual(200);
    expect(Number(env.REGISTER_MAX)).toBeGreaterThanOrEqual(200);
    expect(Number(env.FILE_UPLOAD_IP_MAX)).toBeGreaterThanOrEqual(1000);
    const { serverFileSizeLimit, endpoints } = config.fileConfig;
    // That is what the page asks for, and not "default".
    expect(endpoints.custom.fileSizeLimit).toBe(serverFileSizeLimit);
    for (const ingress of ofKind(objects, "Ingress")) {
      const size = (ingress.metadata.annotations as { [key: string]: string })[
        "nginx.ingress.kubernetes.io/proxy-body-size"
      ];
      // Room for what comes around a file of the largest size.
      expect(size).toBe(`${serverFileSizeLimit + 1}m`);
    }
  },
);

test("directories of the claims are mounted where the environment says so, and annotations are on the ingress", async () => {
  const sample = sampleRepository();
  sample.edit(
    "environments/minikube.yaml",
    "    mongodb: { authentication: true }\n    ingress:\n",
    [
      "    mongodb: { authentication: true }",
      "    subPaths: { images: chat/images, uploads: chat/uploads, database: chat }",
      "    ingress:",
      '      annotations: { cert-manager.io/issuer: team, nginx.ingress.kubernetes.io/proxy-read-timeout: "1200" }',
      "",
    ].join("\n"),
  );
  sample.edit("environments/minikube.yaml", "    gpu:\n", "    subPaths: { models: team-a }\n    gpu:\n");
  const objects = [
    ...objectsIn(await renderedManifests("minikube", "ollama", sample.root)),
    ...objectsIn(await renderedManifests("minikube", "librechat", sample.root)),
  ];
  const mounted = workloads(objects).flatMap(({ containers }) =>
    containers.flatMap((container) =>
      ((container as Container).volumeMounts ?? []).flatMap(({ subPath }) => subPath ?? []),
    ),
  );
  expect(mounted).toEqual(expect.arrayContaining(["team-a", "chat/images", "chat/uploads", "chat"]));
  expect(ofKind(objects, "Ingress")[1]?.metadata.annotations).toMatchObject({
    "cert-manager.io/issuer": "team",
    "nginx.ingress.kubernetes.io/proxy-read-timeout": "1200",
    "nginx.ingress.kubernetes.io/proxy-send-timeout": "600",
  });
});

test("with a MongoDB of somebody else, LibreChat waits for the address of its Secret, and nothing else is there for it", async () => {
  const sample = sampleRepository();
  sample.edit(
    "environments/minikube.yaml",
    "mongodb: { authentication: true }",
    "credentials: { MONGO_URI: given }",
  );
  sample.write(
    "values/librechat.minikube.yaml",
    "{ mongodb: { enabled: false }, meilisearch: { enabled: no } }\n",
  );
  const objects = objectsIn(await renderedManifests("minikube", "librechat", sample.root));
  expect(workloads(objects).map(({ name }) => name)).toEqual(["librechat-librechat"]);
  expect(JSON.stringify(objects)).not.toContain("mongodb://");
  const [web] = workloads(objects);
  for (const container of [...(web?.initContainers ?? []), ...(web?.containers ?? [])]) {
    expect((container as Container).envFrom).toContainEqual(
      expect.objectContaining({ secretRef: expect.objectContaining({ name: "librechat-credentials-env" }) }),
    );
  }
});
