import * as yaml from "js-yaml";
import { quantity as parsed } from "../../operations/cluster/quantity";
import { type ApplicationRelease, modelServerPriority } from "../../applications/application";
import type { OllamaSettings } from "../../applications/ollama/settings";
import { releaseUrl } from "../../applications/release-url";
import { releaseOf } from "../unit/release-of";
import { environmentNames } from "../../applications/load-environment";
import { loadSettings } from "../../applications/load-settings";
import { repository } from "../unit/sample-repository";
import {
  ofKind,
  renderedManifests,
  renderedObjects,
  manifestsOf,
  objectsIn,
  type RenderedObject,
  type Workload,
  workloads,
} from "./rendered-objects";

const environments = environmentNames(repository);
const applications = ["ollama", "librechat"] as const;
const everyRelease = environments.flatMap((name) =>
  applications.map((application) => [name, application] as const),
);

function quantity(text: string | number): number {
  const number = parsed(text);
  if (number === undefined) throw new Error(`not a quantity: ${text}`);
  return number;
}

const settingsOf = (name: string) => loadSettings(repository, { ENVIRONMENT: name });
const ollamaOf = (name: string) => releaseOf<OllamaSettings>(settingsOf(name).environment, "ollama");
const librechatOf = (name: string) => releaseOf(settingsOf(name).environment, "librechat");
const claimsOf = (name: string, application: string): string[] =>
  Object.keys(releaseOf(settingsOf(name).environment, application).own.storage).sort();
const workload = (objects: readonly RenderedObject[], name: string): Workload => {
  const found = workloads(objects).find((one) => one.name === name);
  if (!found) throw new Error(`no workload is called ${name}`);
  return found;
};
const imagesOf = (objects: readonly RenderedObject[]): string[] =>
  workloads(objects).flatMap(({ containers, initContainers }) =>
    [...containers, ...initContainers].map(({ image }) => image),
  );
/** The claims that the pods mount. */
const mountedClaims = (objects: readonly RenderedObject[]): string[] => {
  const names = workloads(objects)
    .flatMap(({ pod }) => (pod.volumes ?? []) as { persistentVolumeClaim?: { claimName: string } }[])
    .flatMap(({ persistentVolumeClaim }) => (persistentVolumeClaim ? [persistentVolumeClaim.claimName] : []));
  return [...new Set(names)].sort();
};

test.each(everyRelease)(
  "%s: every image of %s has a tag of its own, and none is latest",
  async (name, application) => {
    const images = imagesOf(await renderedObjects(name, application));
    expect(images.length).toBeGreaterThan(0);
    for (const image of images) {
      expect(image).toMatch(/^[\w./-]+:[\w][\w.-]*$/);
      expect(image).not.toMatch(/:latest$/);
    }
  },
);

test.each(everyRelease)(
  "%s: every pod of %s is as Pod Security restricted wants it, has no token, and fills no disk of its node",
  async (name, application) => {
    const objects = await renderedObjects(name, application);
    for (const { pod, containers, initContainers } of workloads(objects)) {
      const account = objects.find(
        ({ kind, metadata }) => kind === "ServiceAccount" && metadata.name === pod.serviceAccountName,
      ) as { automountServiceAccountToken?: boolean } | undefined;
      expect([account?.automountServiceAccountToken, pod.automountServiceAccountToken]).toContain(false);
      for (const { resources, ...container } of [...containers, ...initContainers]) {
        const { securityContext = {} } = container as { securityContext?: object };
        expect({ ...pod.securityContext, ...securityContext }).toMatchObject({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          seccompProfile: { type: "RuntimeDefault" },
        });
        expect(resources?.requests).toHaveProperty("ephemeral-storage");
        expect(resources?.limits).toHaveProperty("ephemeral-storage");
      }
    }
  },
);

test.each(environments)(
  "%s: LibreChat runs a final release, MongoDB an image that still can be pulled",
  async (name) => {
    const images = imagesOf(await renderedObjects(name, "librechat"));
    expect(images).toContain("registry.librechat.ai/danny-avila/librechat:v0.8.7");
    expect(images.filter((image) => image.includes("mongodb"))).not.toHaveLength(0);
    for (const image of images.filter((image) => image.includes("mongodb"))) {
      expect(image).toMatch(/^docker\.io\/bitnamilegacy\/mongodb:\d+\.\d+\.\d+-/);
    }
  },
);

test.each(environments)(
  "%s: Ollama asks for the GPUs of the environment, and tolerates their taint",
  async (name) => {
    const { gpu } = ollamaOf(name).own;
    const { pod, containers } = workload(await renderedObjects(name, "ollama"), "ollama");
    const limits = containers[0]?.resources?.limits ?? {};
    const resource = `${gpu.type}.com/gpu`;
    if (gpu.count > 0) {
      expect(limits[resource]).toBe(gpu.count);
      expect(pod.tolerations).toEqual([{ key: resource, operator: "Exists", effect: "NoSchedule" }]);
    } else {
      expect(Object.keys(limits).sort()).toEqual(["ephemeral-storage", "memory"]);
      expect(pod.tolerations).toBeUndefined();
    }
    expect(pod.runtimeClassName).toBe(gpu.runtimeClass);
  },
);

test.each(environments)("%s: Ollama's pod has the priority class of model servers", async (name) => {
  const { pod } = workload(await renderedObjects(name, "ollama"), "ollama");
  expect(pod.priorityClassName).toBe(modelServerPriority);
});

test.each(environments)(
  "%s: Ollama's server is asked for every model, and keeps it on its claim",
  async (name) => {
    const manifests = await renderedManifests(name, "ollama");
    const { pod, containers } = workload(objectsIn(manifests), "ollama");
    expect(pod.volumes).toContainEqual({
      name: "ollama-data",
      persistentVolumeClaim: { claimName: "models" },
    });
    const [list] = ofKind(objectsIn(manifests), "ConfigMap") as unknown as { data: { pull: string } }[];
    expect(list?.data.pull.trim().split("\n")).toEqual(ollamaOf(name).own.models);
    // A hook: Helm starts it once the server runs, and waits for it.
    const all = yaml.loadAll(manifests) as (RenderedObject | null)[];
    const job = all.find((object) => object?.kind === "Job")?.spec.template.spec;
    expect(job?.containers[0]).toMatchObject({
      image: containers[0]?.image,
      args: ["ollama:11434"],
      command: ["bash", "/models/models.sh"],
    });
    expect(job?.volumes).toContainEqual({ name: "models", configMap: { name: "ollama-models" } });
  },
);

test.each(everyRelease)(
  "%s: %s keeps its data on the foundation's claims, and makes none of its own",
  async (name, application) => {
    const objects = await renderedObjects(name, application);
    expect(ofKind(objects, "PersistentVolumeClaim")).toEqual([]);
    expect(mountedClaims(objects)).toEqual(claimsOf(name, application));
    for (const { kind, spec } of objects) {
      if (kind === "StatefulSet") expect(spec).not.toHaveProperty("volumeClaimTemplates");
    }
  },
);

test.each(environments)(
  "%s: what users upload is on claims: images, and apart from them documents",
  async (name) => {
    const { containers } = workload(await renderedObjects(name, "librechat"), "librechat-librechat");
    expect((containers[0] as { volumeMounts?: unknown[] }).volumeMounts).toEqual(
      expect.arrayContaining([
        { name: "images", mountPath: "/app/client/public/images" },
        { name: "uploads", mountPath: "/app/uploads" },
      ]),
    );
  },
);

test.each(everyRelease)(
  "%s: %s has an Ingress exactly where the environment exposes it",
  async (name, application) => {
    const { ingress } = settingsOf(name).environment;
    const found = ofKind(await renderedObjects(name, application), "Ingress");
    const exposed = releaseOf(settingsOf(name).environment, application).own.ingress;
    if (!exposed) {
      expect(found).toEqual([]);
      return;
    }
    expect(found).toHaveLength(1);
    const [{ metadata, spec }] = found as [RenderedObject];
    expect(spec.ingressClassName).toBe(ingress.className);
    expect(spec.rules.map(({ host }: { host: string }) => host)).toEqual([exposed.host]);
    expect(metadata.annotations).toMatchObject({
      "nginx.ingress.kubernetes.io/proxy-body-size": application === "ollama" ? "0" : "26m",
      "nginx.ingress.kubernetes.io/proxy-read-timeout": "600",
      "nginx.ingress.kubernetes.io/proxy-send-timeout": "600",
    });
    // Ollama has no authentication: only the ranges of the environment may reach it.
    const ranges = "allowedSourceRanges" in exposed ? exposed.allowedSourceRanges?.join(",") : undefined;
    expect(metadata.annotations?.["nginx.ingress.kubernetes.io/whitelist-source-range"]).toBe(ranges);
    const tls = "tls" in exposed ? exposed.tls : undefined;
    expect(spec.tls).toEqual(tls && [{ hosts: [exposed.host], secretName: tls.secretName }]);
    expect(metadata.annotations?.["cert-manager.io/cluster-issuer"]).toBe(tls?.clusterIssuer);
  },
);

test.each([
  ["traefik", {}],
  ["contour", { "projectcontour.io/response-timeout": "infinity" }],
  ["haproxy", { "haproxy.org/timeout-server": "600s" }],
  [
    "haproxy-ingress",
    {
      "haproxy-ingress.github.io/proxy-body-size": "26m",
      "haproxy-ingress.github.io/timeout-server": "600s",
    },
  ],
  [
    "f5-nginx",
    {
      "nginx.org/client-max-body-size": "26m",
      "nginx.org/proxy-read-timeout": "600s",
      "nginx.org/proxy-send-timeout": "600s",
    },
  ],
  ["other", {}],
] as const)(
  "LibreChat behind %s gets what that needs, and nothing of nginx",
  async (controller, annotations) => {
    const settings = settingsOf("minikube-cpu");
    const ingress = { className: "edge", controller, controllerNamespace: "edge" };
    const behind = { ...settings, environment: { ...settings.environment, ingress } };
    const objects = objectsIn(await manifestsOf(behind, "librechat"));
    const [{ metadata, spec }] = ofKind(objects, "Ingress") as [RenderedObject];
    expect(spec.ingressClassName).toBe("edge");
    expect(metadata.annotations ?? {}).toEqual(annotations);
  },
);

test.each(environments)("%s: each pod reads the Secret that holds its credentials alone", async (name) => {
  const objects = await renderedObjects(name, "librechat");
  const read = (pod: string) => [
    ...new Set(JSON.stringify(workload(objects, pod).pod).match(/[\w-]+-credentials-env/g)),
  ];
  expect(["librechat-librechat", "librechat-mongodb", "librechat-meilisearch"].map(read)).toEqual([
    ["librechat-credentials-env"],
    ["librechat-mongodb-credentials-env"],
    ["librechat-meilisearch-credentials-env"],
  ]);
});

test.each(everyRelease)("%s: %s brings no Secret of its own", async (name, application) => {
  expect(ofKind(await renderedObjects(name, application), "Secret")).toEqual([]);
});

test.each(everyRelease)(
  "%s: %s brings no NetworkPolicy that would open what ours close",
  async (name, application) => {
    expect(ofKind(await renderedObjects(name, application), "NetworkPolicy")).toEqual([]);
  },
);

test.each(environments)(
  "%s: our NetworkPolicies select the pods that are rendered, at the ports where they listen",
  async (name) => {
    const ollama = await renderedObjects(name, "ollama");
    const librechat = await renderedObjects(name, "librechat");
    const expected = [
      [workload(ollama, "ollama"), ollamaOf(name), "api"],
      [workload(librechat, "librechat-librechat"), librechatOf(name), "web"],
      [workload(librechat, "librechat-mongodb"), librechatOf(name), "mongodb"],
      [workload(librechat, "librechat-meilisearch"), librechatOf(name), "meilisearch"],
    ].map(([rendered, release, pods]) => {
      const { name: of, application } = release as ApplicationRelease;
      const serving = application.pods[pods as string];
      return [rendered as Workload, serving?.labels(of) ?? {}, serving?.port] as const;
    });
    for (const [{ labels, containers }, selector, port] of expected) {
      expect(labels).toMatchObject(selector);
      expect(containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort))).toEqual(
        [port],
      );
    }
    // Each selects one workload and no other.
    const all = workloads([...ollama, ...librechat]);
    for (const [, selector] of expected) {
      const selected = all.filter(({ labels }) =>
        Object.entries(selector).every(([key, value]) => labels[key] === value),
      );
      expect(selected).toHaveLength(1);
    }
  },
);

test.each(environments)(
  "%s: LibreChat's configuration is YAML in its ConfigMap, and offers the environment's models",
  async (name) => {
    const maps = ofKind(await renderedObjects(name, "librechat"), "ConfigMap");
    const text = maps.find(({ metadata }) => metadata.name === "librechat-librechat-config")?.data?.[
      "librechat.yaml"
    ];
    const config = yaml.load(String(text)) as {
      endpoints: { custom: { name: string; baseURL: string; models: { default: string[] } }[] };
    };
    const [endpoint] = config.endpoints.custom.filter((one) => one.name === "Ollama");
    expect(endpoint?.models.default).toEqual(ollamaOf(name).own.models);
    expect(endpoint?.baseURL).toBe("http://ollama.ollama.svc.cluster.local:11434/v1");
  },
);

test.each(environments)(
  "%s: every entry of a ConfigMap is text: the API server refuses others",
  async (name) => {
    const maps = ofKind(await renderedObjects(name, "librechat"), "ConfigMap");
    for (const value of maps.flatMap(({ data }) => Object.values(data ?? {})))
      expect(typeof value).toBe("string");
    const env = maps.find(({ metadata }) => metadata.name === "librechat-librechat-configenv")?.data;
    expect(env).toMatchObject({
      DOMAIN_CLIENT: releaseUrl(librechatOf(name)).url,
      SEARCH: "true",
      MONGO_URI: expect.stringContaining("librechat-mongodb"),
      MEILI_HOST: expect.stringContaining("librechat-meilisearch"),
    });
    // Credentials are in the Secret alone.
    expect(Object.keys(env ?? {}).filter((key) => /SECRET|CREDS|MASTER_KEY/.test(key))).toEqual([]);
  },
);

test.each(everyRelease)(
  "%s: the pods and claims of %s fit into its namespace's quota",
  async (name, application) => {
    const objects = await renderedObjects(name, application);
    const { quota, storage } = releaseOf(settingsOf(name).environment, application).own;
    const pods = workloads(objects);
    // What the namespace's LimitRange gives a container that states nothing.
    const fallback = { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } };
    const of = (
      container: Workload["containers"][number],
      kind: "requests" | "limits",
      resource: "cpu" | "memory",
    ) => {
      const { requests, limits } = container.resources ?? {};
      const stated = kind === "requests" ? (requests?.[resource] ?? limits?.[resource]) : limits?.[resource];
      return quantity(stated ?? (fallback[kind] as { [resource: string]: string })[resource] ?? 0);
    };
    const sum = (kind: "requests" | "limits", resource: "cpu" | "memory") =>
      pods.reduce((total, { replicas, containers, initContainers }) => {
        const running = containers.reduce((all, container) => all + of(container, kind, resource), 0);
        const starting = Math.max(0, ...initContainers.map((container) => of(container, kind, resource)));
        return total + replicas * Math.max(running, starting);
      }, 0);
    expect(sum("requests", "cpu")).toBeLessThanOrEqual(quantity(quota.cpu));
    expect(sum("requests", "memory")).toBeLessThanOrEqual(quantity(quota.memory));
    expect(sum("limits", "memory")).toBeLessThanOrEqual(2 * quantity(quota.memory));
    expect(pods.reduce((total, { replicas }) => total + replicas, 0)).toBeLessThanOrEqual(quota.pods);
    const sizes = Object.values(storage);
    expect(sizes.reduce((total, size) => total + quantity(size), 0)).toBeLessThanOrEqual(
      quantity(quota.storage),
    );
  },
);
