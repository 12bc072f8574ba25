import { Release } from "@cdktf/provider-helm/lib/release";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { IngressV1 } from "@cdktf/provider-kubernetes/lib/ingress-v1";
import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { PodV1 } from "@cdktf/provider-kubernetes/lib/pod-v1";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import "../../../constructs/no-creation-stacks";
import { platformLabels } from "../../../settings/platform-labels";
import { policyFaults, policyWarnings } from "../../../policies/enforce-policies";
import { rules } from "../../../policies/rules";
import { type RuleName, ruleNames } from "../../../settings/rule-names";
import { loadSettings } from "../../../applications/load-settings";
import { unguardedApplications } from "../../../applications/unguarded";
import type { Settings } from "../../../settings/settings";
import { repository } from "../sample-repository";
import { temporaryDirectory } from "../sample-repository";

type Build = (stack: TerraformStack) => void;

const settings = loadSettings(repository, { ENVIRONMENT: "minikube-cpu" });

const unguarded = unguardedApplications({
  ...settings.environment,
  applications: {
    ...settings.environment.applications,
    small: { ...settings.environment.applications.ollama, application: "ollama", namespace: "models" },
  },
});

/** What breaks a rule in a stack of a test's own. */
function faults(
  build: Build,
  exemptions: Settings["environment"]["exemptions"] = {},
  digests = false,
): string[] {
  const stack = new TerraformStack(new App({ outdir: temporaryDirectory() }), "sample");
  build(stack);
  const exempted = {
    ...settings,
    environment: { ...settings.environment, exemptions, images: { digests } },
  };
  return [
    ...policyFaults(stack, exempted, { unguarded }),
    ...policyWarnings("sample", stack.toTerraform(), exempted, { unguarded }),
  ];
}

const versions: { readonly [chart: string]: string } = { ollama: "1.77.0", librechat: "2.0.8" };

function release(stack: TerraformStack, chart: string, values: string, more: object = {}): Release {
  return new Release(stack, chart, {
    name: chart,
    chart,
    version: versions[chart] ?? "1.0.0",
    values: [values],
    ...more,
  });
}

const values =
  (chart: string, text: string, more: object = {}): Build =>
  (stack) =>
    void release(stack, chart, text, more);

const labels = {
  ...platformLabels({ name: "sample", environment: "test", component: "sample" }),
  "pod-security.kubernetes.io/enforce": "baseline",
};

const pod =
  (spec: object): Build =>
  (stack) =>
    void new PodV1(stack, "pod", { metadata: { name: "pod" }, spec });

const manifest =
  (content: object): Build =>
  (stack) =>
    void new Manifest(stack, "object", { manifest: content });

const openIngress = "ingress: { enabled: true, annotations: { nginx.ingress.kubernetes.io/";

const networkPolicy = (ingress: unknown): object => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "mine" },
  spec: { podSelector: {}, ingress },
});

/** Values of the chart of LibreChat whose own policies are off, without the bracket at the end. */
const closed = "{ mongodb: { networkPolicy: { enabled: false } }";

const refused: readonly [RuleName, what: string, fault: RegExp, build: Build][] = [
  [
    "archived-image",
    "an image of Bitnami's archive",
    /mongodb\.image\.repository: found "bitnamilegacy\/mongodb", an archive since 2025-08-28: no fix of it will come/,
    values("librechat", "mongodb: { image: { repository: bitnamilegacy/mongodb } }"),
  ],
  [
    "archived-image",
    "what a part of the chart takes when nobody says otherwise",
    /^values\/librechat\.yaml.*: mongodb\.image\.repository: is not set, and the chart librechat takes "bitnamilegacy\/mongodb"/,
    values("librechat", "mongodb: { enabled: true }"),
  ],
  [
    "archived-image",
    "a container's image whose versions have gone",
    /spec\.container\.0\.image: found "docker\.io\/bitnami\/kubectl:1\.30", whose versions went to the archive bitnamilegacy/,
    pod({ container: [{ name: "a", image: "docker.io/bitnami/kubectl:1.30" }] }),
  ],
  [
    "archived-image",
    "an image in a list, of a registry that was frozen",
    /initContainers\[0\]\.image: found "k8s\.gcr\.io\/pause:3\.6", frozen since 2023-04-03/,
    values("ollama", "initContainers: [{ name: a, image: 'k8s.gcr.io/pause:3.6' }]"),
  ],

  ["unpinned-chart", "a range", /has the version "\^1\.0\.0"/, values("sample", "", { version: "^1.0.0" })],
  ["unpinned-chart", "no version", /has no version/, values("sample", "", { version: undefined })],
  ["unpinned-chart", "a development version", /devel/, values("sample", "", { devel: true })],
  [
    "unpinned-chart",
    "an override of a pinned chart",
    /has the version "latest"/,
    (stack) => release(stack, "ollama", "").addOverride("version", "latest"),
  ],

  [
    "open-network",
    "the policy of a database, which is on by itself",
    /^values\/librechat\.yaml:\d+: mongodb\.networkPolicy\.enabled: the chart's NetworkPolicy lets every pod of the cluster in/,
    values("librechat", ""),
  ],
  [
    "open-network",
    "the policy of a part that is switched on",
    /redis\.networkPolicy\.enabled: the chart's NetworkPolicy lets every pod of the cluster in/,
    values("librechat", `${closed}, redis: { enabled: true } }`),
  ],
  [
    "open-network",
    "the policy of a part of a part",
    /librechat-rag-api\.postgresql\.primary\.networkPolicy\.enabled: the chart's NetworkPolicy/,
    values("librechat", `${closed}, librechat-rag-api: { enabled: true, image: { tag: v1 } } }`),
  ],
  [
    "open-network",
    "a rule for everybody beside the chart's own",
    /mongodb\.networkPolicy\.enabled/,
    values(
      "librechat",
      "mongodb: { networkPolicy: { enabled: true, allowExternal: false, extraIngress: [{ ports: [{ port: 27017 }] }] } }",
    ),
  ],
  [
    "open-network",
    "an object among values that lets everybody in",
    /extraObjects: a NetworkPolicy that lets everybody in/,
    values("ollama", `extraObjects: [${JSON.stringify(networkPolicy([{}]))}]`),
  ],
  [
    "open-network",
    "an object as text that lets every namespace in",
    /extraDeploy\[?.*: a NetworkPolicy that lets everybody in/,
    values(
      "librechat",
      `${closed.replace("{ mongodb: { ", '{ mongodb: { extraDeploy: ["kind: NetworkPolicy\\nspec: { ingress: [{ from: [{ namespaceSelector: {} }] }] }"], ')} }`,
    ),
  ],
  [
    "open-network",
    "one of Terraform's own for any address",
    /^construct sample\/object: the NetworkPolicy lets everybody in/,
    manifest(networkPolicy([{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }])),
  ],

  [
    "image-digest",
    "the version of a chart whose tag can have one",
    /image\.tag: the image ollama\/ollama has a tag alone, .* such as 0\.6\.8@sha256:…/,
    values("ollama", "image: { repository: ollama/ollama, tag: 0.6.8 }"),
  ],
  [
    "image-digest",
    "a part of a chart that has a key for it",
    /mongodb\.image\.digest: the image bitnamilegacy\/mongodb has a tag alone, .* such as sha256:…/,
    values(
      "librechat",
      'image: { tag: "v1@sha256:0" }\nmeilisearch: { image: { tag: "v1@sha256:0" } }\nmongodb: { enabled: true }',
    ),
  ],
  [
    "image-digest",
    "a container's image",
    /spec\.container\.0\.image: found "a:1", and the environment demands digests/,
    pod({ container: [{ name: "a", image: "a:1" }] }),
  ],
  [
    "latest-image",
    "the tag latest",
    /image\.tag: found "latest"/,
    values("ollama", "image: { tag: latest }"),
  ],
  [
    "latest-image",
    "a variant of latest, set one by one",
    /image\.tag: found "latest-cuda"/,
    values("ollama", "", { set: [{ name: "image.tag", value: "latest-cuda" }] }),
  ],
  [
    "latest-image",
    "an image without a tag in a list",
    /initContainers\[0\]\.image: found "busybox" without a tag/,
    values("ollama", "initContainers: [{ name: a, image: busybox }]"),
  ],
  [
    "latest-image",
    "a repository without a tag where the chart has none",
    /sidecar\.image\.repository: found "acme\/sidecar" without a tag/,
    values("ollama", "sidecar: { image: { repository: acme/sidecar } }"),
  ],
  [
    "latest-image",
    "what a part of the chart takes when nobody says otherwise",
    /^values\/librechat\.yaml: librechat-rag-api\.image\.tag: is not set, and the chart librechat takes "latest"/,
    values("librechat", "librechat-rag-api: { enabled: true }"),
  ],
  [
    "latest-image",
    "a container's image",
    /^construct sample\/pod: spec\.container\.0\.image: found "localhost:5000\/acme\/tool" without a tag/,
    pod({ container: [{ name: "a", image: "localhost:5000/acme/tool" }] }),
  ],
  [
    "latest-image",
    "an override of a container's image",
    /found "acme:latest"/,
    (stack) =>
      new PodV1(stack, "pod", {
        metadata: { name: "pod" },
        spec: { container: [{ name: "a", image: "acme:1.0" }] },
      }).addOverride("spec.container", [{ name: "a", image: "acme:latest" }]),
  ],

  [
    "open-release",
    "an ingress of the chart",
    /^construct sample\/ollama: ingress\.annotations: an ingress without authentication or an allow-list/,
    values("ollama", "ingress: { enabled: true, annotations: { a: b } }"),
  ],
  [
    "open-release",
    "an empty allow-list",
    /an ingress without/,
    values("ollama", `${openIngress}whitelist-source-range: "" } }`),
  ],
  [
    "open-release",
    "an allow-list that lets in everybody",
    /an ingress without/,
    values("ollama", `${openIngress}whitelist-source-range: "10.0.0.0/8,0.0.0.0/0" } }`),
  ],
  [
    "open-release",
    "an allow-list of another ingress controller than the class's",
    /an ingress without .*: use a class of ingress-nginx \(ingress-nginx\), HAProxy/,
    values(
      "ollama",
      "ingress: { enabled: true, className: traefik, annotations: { nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8 } }",
    ),
  ],
  [
    "open-release",
    "an ingress of the stack's own, of a class whose controller knows other annotations",
    /give the annotations an allow-list \(haproxy\.org\/allow-list or haproxy\.org\/whitelist\) or authentication/,
    (stack) =>
      void new IngressV1(stack, "open", {
        metadata: {
          name: "open",
          namespace: "ollama",
          annotations: { "nginx.ingress.kubernetes.io/whitelist-source-range": "10.0.0.0/8" },
        },
        spec: { ingressClassName: "haproxy" },
      }),
  ],
  [
    "open-release",
    "a load balancer",
    /service\.type: found LoadBalancer/,
    values("ollama", "service: { type: LoadBalancer }"),
  ],
  [
    "open-release",
    "a port of a database's own",
    /mongodb\.service\.type: found NodePort, which opens to the outside what the application alone needs to reach/,
    values("librechat", "mongodb: { service: { type: NodePort } }"),
  ],
  [
    "open-release",
    "a load balancer of what is switched on beside it",
    /redis\.master\.service\.type: found LoadBalancer/,
    values("librechat", "redis: { enabled: true, master: { service: { type: LoadBalancer } } }"),
  ],
  [
    "open-release",
    "an ingress of a search index's own",
    /meilisearch\.ingress\.enabled: found true/,
    values("librechat", "meilisearch: { ingress: { enabled: true } }"),
  ],
  [
    "open-release",
    "a route",
    /httpRoute\.enabled: a route/,
    values("ollama", "httpRoute: { enabled: true }"),
  ],
  [
    "open-release",
    "an ingress of the stack's own",
    /^construct sample\/open: an ingress without/,
    (stack) =>
      void new IngressV1(stack, "open", {
        metadata: { name: "open", namespace: "elsewhere" },
        spec: { defaultBackend: { service: { name: "ollama", port: { number: 11434 } } } },
      }),
  ],
  [
    "open-release",
    "a manifest of an ingress in the namespace of another release of the same application",
    /^construct sample\/object: an ingress without authentication or an allow-list: Ollama has no authentication/,
    manifest({ kind: "Ingress", metadata: { name: "open", namespace: "models" }, spec: {} }),
  ],

  [
    "namespace-labels",
    "a namespace without labels",
    /the namespace bare lacks the labels managed-by, app, env, .*pod-security\.kubernetes\.io\/enforce/,
    (stack) => void new NamespaceV1(stack, "bare", { metadata: { name: "bare" } }),
  ],
  [
    "namespace-labels",
    "a namespace whose Pod Security is overridden away",
    /lacks the labels pod-security\.kubernetes\.io\/enforce:/,
    (stack) =>
      new NamespaceV1(stack, "bare", { metadata: { name: "bare", labels } }).addOverride("metadata.labels", {
        ...labels,
        "pod-security.kubernetes.io/enforce": undefined,
      }),
  ],
  [
    "namespace-labels",
    "a manifest",
    /the namespace raw lacks/,
    manifest({ kind: "Namespace", metadata: { name: "raw" } }),
  ],
  [
    "namespace-labels",
    "one that Helm makes",
    /create_namespace/,
    values("ollama", "", { createNamespace: true }),
  ],

  [
    "secret-values",
    "a Secret with values",
    /^construct sample\/secret: data: the Secret has values in it \(PASSWORD\)/,
    (stack) => void new SecretV1(stack, "secret", { data: { PASSWORD: "hunter2hunter2" }, metadata: {} }),
  ],
  [
    "secret-values",
    "a Secret whose write-only value is written down",
    /data_wo: the Secret has values in it \(KEY\)/,
    (stack) => void new SecretV1(stack, "secret", { dataWo: { KEY: "hunter2hunter2" }, metadata: {} }),
  ],
  [
    "secret-values",
    "a Secret of a manifest",
    /stringData: the Secret has values in it \(a\)/,
    manifest({ kind: "Secret", metadata: { name: "raw" }, stringData: { a: "hunter2hunter2" } }),
  ],
  [
    "secret-values",
    "an override of the stack",
    /^construct sample\/kubernetes_secret\.raw: data:/,
    (stack) => stack.addOverride("resource.kubernetes_secret.raw", { data: { a: "hunter2hunter2" } }),
  ],
  [
    "secret-values",
    "a password in values",
    /mongodb\.auth\.rootPassword: found a value of 14 characters for a credential/,
    values("librechat", "mongodb: { auth: { rootPassword: hunter2hunter2 } }"),
  ],
  [
    "secret-values",
    "a credential of LibreChat",
    /librechat\.configEnv\.OPENAI_API_KEY: found a value of 14 characters/,
    values("librechat", "librechat: { configEnv: { OPENAI_API_KEY: hunter2hunter2 } }"),
  ],
  [
    "secret-values",
    "a variable of Terraform, which would be in the state",
    /auth\.rootPassword: found a value of/,
    values("librechat", "mongodb: { auth: { rootPassword: '${var.password}' } }"),
  ],
  [
    "secret-values",
    "an API key in a text",
    /librechat\.configYamlContent: found an API key/,
    values("librechat", "librechat: { configYamlContent: 'apiKey: sk-hunter2hunter2hunter2hunter2' }"),
  ],
  [
    "secret-values",
    "an address with a password",
    /MONGO_URI: found an address with a password/,
    values(
      "librechat",
      "librechat: { configEnv: { MONGO_URI: 'mongodb://root:hunter2hunter2@db:27017/a' } }",
    ),
  ],
  [
    "secret-values",
    "values that the provider calls sensitive",
    /set_sensitive: the state keeps these values in clear/,
    values("ollama", "", { setSensitive: [{ name: "extra", value: "hunter2hunter2" }] }),
  ],
  [
    "secret-values",
    "a ConfigMap with a token",
    /data\.GITHUB_TOKEN: found a value of 14 characters/,
    (stack) => void new ConfigMapV1(stack, "map", { data: { GITHUB_TOKEN: "hunter2hunter2" }, metadata: {} }),
  ],
  [
    "secret-values",
    "a variable with a default",
    /^variable key: is sensitive and has a default/,
    (stack) => void new TerraformVariable(stack, "key", { sensitive: true, default: "hunter2hunter2" }),
  ],

  [
    "privileged-pod",
    "a privileged container in values",
    /securityContext\.privileged: found true/,
    values("ollama", "securityContext: { privileged: true }"),
  ],
  [
    "privileged-pod",
    "a directory of the node in values",
    /volumes\[0\]\.hostPath: mounts a directory of the node/,
    values("ollama", "volumes: [{ name: a, hostPath: { path: / } }]"),
  ],
  ["privileged-pod", "the node's network", /spec\.host_network: found true/, pod({ hostNetwork: true })],
  [
    "privileged-pod",
    "a privileged container",
    /spec\.container\.0\.security_context\.privileged: found true/,
    pod({ container: [{ name: "a", image: "a:1", securityContext: { privileged: true } }] }),
  ],
  [
    "privileged-pod",
    "the node's processes",
    /hostPID: found true/,
    manifest({ kind: "Pod", spec: { hostPID: true } }),
  ],
  [
    "privileged-pod",
    "a namespace that lets them in",
    /the namespace open lets in privileged pods/,
    (stack) =>
      void new NamespaceV1(stack, "open", {
        metadata: { name: "open", labels: { ...labels, "pod-security.kubernetes.io/enforce": "privileged" } },
      }),
  ],

  [
    "unreadable-values",
    "an expression",
    /are an expression of Terraform/,
    values("ollama", '${file("values.yaml")}'),
  ],
];

test.each(refused)("%s: fails on %s", (rule, _what, fault, build) => {
  const found = faults(build, {}, rule === "image-digest").filter((line) => line.endsWith(`(rule ${rule})`));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(fault);
  // Whatever is found, the value is not told.
  expect(found[0]).not.toContain("hunter2");
});

test.each(refused)("%s: %s goes through where the rule is switched off", (rule, _what, _fault, build) => {
  const found = faults(build, { [rule]: "a reason that is long enough" }, true);
  expect(found.filter((line) => line.endsWith(`(rule ${rule})`))).toEqual([]);
});

test("a rule that warns refuses nothing", () => {
  const warning = rules.filter(({ warns }) => warns).map(({ name }) => name);
  expect(warning).toEqual(["archived-image"]);
  const stack = new TerraformStack(new App({ outdir: temporaryDirectory() }), "sample");
  release(
    stack,
    "librechat",
    "mongodb: { image: { repository: bitnamilegacy/mongodb }, networkPolicy: { enabled: false } }",
  );
  expect(policyFaults(stack, settings, { unguarded })).toEqual([]);
});

test("every rule is tried", () => {
  expect([...new Set(refused.map(([rule]) => rule))].sort()).toEqual([...ruleNames]);
});

test.each<[what: string, build: Build]>([
  ["an image with a digest", values("ollama", `image: { repository: a, digest: "sha256:0" }`)],
  ["the application's own version", values("ollama", "image: { repository: mirror.test/ollama }")],
  ["an image of a registry with a port", pod({ container: [{ name: "a", image: "localhost:5000/a:1.0" }] })],
  ["a part with latest that is off", values("librechat", "librechat-rag-api: { enabled: false }")],
  ["latest itself for a part that is off", values("librechat", "langfuseFanout: { image: { tag: latest } }")],
  [
    "a part with latest that is given a tag",
    values("librechat", "librechat-rag-api: { enabled: true, image: { tag: v1 } }"),
  ],
  ["an ingress with an allow-list", values("ollama", `${openIngress}whitelist-source-range: 10.0.0.0/8 } }`)],
  [
    "an ingress of an application that asks by itself who it is",
    values("librechat", "ingress: { enabled: true }"),
  ],
  ["an ingress that asks who it is", values("ollama", `${openIngress}auth-url: https://auth.test } }`)],
  [
    "an allow-list of the class's own ingress controller",
    values(
      "ollama",
      "ingress: { enabled: true, className: haproxy, annotations: { haproxy.org/allow-list: 10.0.0.0/8 } }",
    ),
  ],
  [
    "an image of an archive in a part that is off",
    values("librechat", "mongodb: { enabled: false, image: { repository: bitnamilegacy/mongodb-off } }"),
  ],
  ["an image of one's own registry", values("ollama", "image: { repository: mirror.test/bitnami/ollama }")],
  ["an ingress of another application", values("librechat", "ingress: { enabled: true }")],
  [
    "names of Secrets",
    values(
      "librechat",
      "global: { librechat: { existingSecretName: a } }\ntls: { secretName: b }\nexistingSecret: c\nauth: { existingMasterKeySecret: d }",
    ),
  ],
  [
    "a key that each user enters",
    values("librechat", "librechat: { configEnv: { OPENAI_API_KEY: user_provided } }"),
  ],
  [
    "a reference to a variable of the pod",
    values(
      "librechat",
      "librechat: { configYamlContent: 'apiKey: $${KEY}', configEnv: { KEY_TOKEN: '$${KEY}' } }",
    ),
  ],
  [
    "a Secret from ephemeral variables",
    (stack) => {
      const variable = new TerraformVariable(stack, "key", { sensitive: true });
      new SecretV1(stack, "secret", { metadata: {}, dataWo: { KEY: variable.stringValue } });
    },
  ],
  [
    "a namespace with its labels",
    (stack) => void new NamespaceV1(stack, "a", { metadata: { name: "a", labels } }),
  ],
  [
    "a NetworkPolicy of a chart that lets its own clients in",
    values("librechat", `${closed}, redis: { enabled: true, networkPolicy: { allowExternal: false } } }`),
  ],
  ["a NetworkPolicy of a part that is off", values("librechat", `${closed} }`)],
  [
    "a NetworkPolicy that says who may come",
    values(
      "ollama",
      `extraObjects: [${JSON.stringify(networkPolicy([{ from: [{ podSelector: { matchLabels: { a: "b" } } }] }]))}]`,
    ),
  ],
  [
    "a NetworkPolicy that lets nobody in",
    values("ollama", `extraObjects: [${JSON.stringify(networkPolicy(undefined))}]`),
  ],
  ["a word for no API key", values("ollama", 'extraEnv: [{ name: OPENAI_API_KEY, value: "none" }]')],
])("goes through: %s", (_what, build) => {
  // What the charts bring of their own accord is told where it is tried; the chart's own MongoDB is in an archive.
  const quiet = { "open-network": "the policy of a chart that this is not about" };
  const found = faults(build, _what.includes("NetworkPolicy") ? {} : quiet);
  expect(found.filter((line) => !line.endsWith("(rule archived-image)"))).toEqual([]);
});
