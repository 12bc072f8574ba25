import * as fs from "node:fs";
import * as path from "node:path";
import { failure } from "../failure";
import { sampleRepository, temporaryDirectory } from "../sample-repository";
import { environments, platformOf, synthesizePlatform, valuesTexts } from "../synthesize-platform";
import type { ReleaseBlock } from "../synthesize";

function releasesOf(environment: string): { ollama: ReleaseBlock; librechat: ReleaseBlock } {
  const { ollama, librechat } = platformOf(environment).llmApps.resource?.helm_release ?? {};
  if (!ollama || !librechat) throw new Error(`${environment} lacks a release`);
  return { ollama, librechat };
}

describe.each(environments)("the applications of %s", (environment) => {
  const platform = platformOf(environment);
  const { ollama, librechat } = releasesOf(environment);

  test("are the two releases and nothing else", () => {
    expect(Object.keys(platform.llmApps.resource ?? {})).toEqual(["helm_release"]);
    expect(Object.keys(platform.llmApps.resource?.helm_release ?? {})).toEqual(["librechat", "ollama"]);
  });

  test("are charts of exactly one version", () => {
    expect(ollama).toMatchObject({
      chart: "ollama",
      version: "1.77.0",
      repository: "https://helm.otwld.com",
    });
    expect(librechat).toMatchObject({
      chart: "librechat",
      version: "2.0.8",
      repository: "oci://ghcr.io/danny-avila/librechat-chart",
    });
    for (const release of [ollama, librechat]) expect(release).not.toHaveProperty("devel");
  });

  test("run a final release of LibreChat, and no image is the latest of the day", () => {
    expect(librechat.values[0]).toMatchObject({ image: { tag: "v0.8.7" } });
    for (const release of ["ollama", "librechat"]) {
      for (const text of valuesTexts(platform, release)) expect(text).not.toMatch(/tag: ["']?latest/);
    }
  });

  test("go to the namespaces that the foundation made, under its names", () => {
    expect(ollama).toMatchObject({ name: "ollama", namespace: "ollama", create_namespace: false });
    expect(librechat).toMatchObject({ name: "librechat", namespace: "librechat", create_namespace: false });
  });

  test("are waited for as long as models and volumes may take", () => {
    expect(ollama).toMatchObject({ wait: true, timeout: 1800 });
    expect(librechat).toMatchObject({ wait: true, timeout: 900 });
  });

  test("come after the proof that the cluster is there, LibreChat after Ollama too", () => {
    expect(platform.llmApps.data).toEqual({
      kubernetes_namespace_v1: { reachable: { metadata: { name: "ollama" } } },
    });
    expect(ollama.depends_on).toEqual(["data.kubernetes_namespace_v1.reachable"]);
    expect(librechat.depends_on).toEqual(["data.kubernetes_namespace_v1.reachable", "helm_release.ollama"]);
  });

  test("get no value that Terraform would have to hide", () => {
    for (const release of [ollama, librechat]) {
      for (const attribute of ["set", "set_list", "set_sensitive", "set_wo"])
        expect(release).not.toHaveProperty(attribute);
    }
    expect(Object.keys(platform.llmApps.variable ?? {})).toEqual(["credentials_revision"]);
  });

  test("restart what reads credentials only when it starts, with the revision as a string", () => {
    const [, restart] = valuesTexts(platform, "librechat");
    const annotation = (pods: string) =>
      `"podAnnotations":{"llm-platform/credentials-revision":"\${try(var.credentials_revision.librechat_${pods}, 1)}"}`;
    expect(restart).toBe(
      `{"meilisearch":{${annotation("meilisearch")}},"mongodb":{${annotation("mongodb")}},${annotation("web")}}`,
    );
    expect(valuesTexts(platform, "ollama")).toHaveLength(1);
  });

  test("have values without comments", () => {
    for (const release of ["ollama", "librechat"]) {
      for (const text of valuesTexts(platform, release)) expect(text).not.toMatch(/(^|\s)#/m);
    }
  });

  test("keep the chart's own policy, which lets everybody reach MongoDB, off", () => {
    expect(librechat.values[0]).toMatchObject({ mongodb: { networkPolicy: { enabled: false } } });
  });

  test("keep Meilisearch from running without a key", () => {
    expect(librechat.values[0]).toMatchObject({
      meilisearch: {
        auth: { existingMasterKeySecret: "librechat-meilisearch-credentials-env" },
        environment: { MEILI_ENV: "production" },
      },
    });
  });

  test("have a Service that is reached inside the cluster alone", () => {
    expect(ollama.values[0]).toMatchObject({ service: { type: "ClusterIP" } });
    for (const release of ["ollama", "librechat"]) {
      for (const text of valuesTexts(platform, release))
        expect(text).not.toMatch(/NodePort|LoadBalancer|hostNetwork/);
    }
  });
});

test("in minikube Ollama is exposed, to private addresses alone", () => {
  expect(releasesOf("minikube").ollama.values[0]).toMatchObject({
    ingress: {
      enabled: true,
      className: "nginx",
      annotations: {
        "nginx.ingress.kubernetes.io/whitelist-source-range": "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16",
      },
      hosts: [{ host: "ollama.glukas.space" }],
    },
  });
});

test.each(environments.filter((environment) => environment !== "minikube"))(
  "in %s Ollama is not exposed",
  (environment) => {
    expect(releasesOf(environment).ollama.values[0]).toMatchObject({ ingress: { enabled: false } });
  },
);

test("nobody can make an account in production", () => {
  expect(releasesOf("production").librechat.values[0]).toMatchObject({
    librechat: { configEnv: { ALLOW_REGISTRATION: "false" } },
  });
});

test.each([
  ["minikube", "http://librechat.glukas.space", "http://ollama.glukas.space"],
  ["minikube-cpu", "http://librechat.glukas.space", "http://ollama.ollama.svc.cluster.local:11434"],
  ["sandbox", "http://librechat.sandbox.test", "http://ollama.ollama.svc.cluster.local:11434"],
  ["production", "https://chat.example.com", "http://ollama.ollama.svc.cluster.local:11434"],
])("the outputs of %s tell the URLs and the releases", (environment, librechatUrl, ollamaUrl) => {
  const release = (name: string) => ({
    description: `the release ${name} and the version of its chart`,
    value: {
      name: `\${helm_release.${name}.name}`,
      namespace: `\${helm_release.${name}.namespace}`,
      version: `\${helm_release.${name}.version}`,
    },
  });
  expect(platformOf(environment).llmApps.output).toEqual({
    librechat_url: { value: librechatUrl },
    ollama_url: { value: ollamaUrl, description: expect.any(String) },
    ollama_release: release("ollama"),
    librechat_release: release("librechat"),
  });
});

test("what LibreChat's configuration reads from its surroundings reaches LibreChat as it was written", () => {
  const sample = sampleRepository();
  sample.edit("values/config/librechat.yaml", "apiKey: ollama", 'apiKey: "${OLLAMA_API_KEY}"');
  sample.edit("values/config/librechat.yaml", "modelDisplayLabel: Ollama", 'modelDisplayLabel: "100%{x}"');
  const [text] = valuesTexts(synthesizePlatform("minikube", { sample }), "librechat");
  expect(text).toContain("apiKey: $${OLLAMA_API_KEY}");
  expect(text).toContain("modelDisplayLabel: 100%%{x}");
  expect(text).not.toMatch(/(?<![$])\$\{|(?<!%)%\{/);
});

test("charts from a directory are copied beside the configuration, at the same versions", () => {
  const chartsDirectory = temporaryDirectory();
  for (const name of ["ollama-1.77.0.tgz", "librechat-2.0.8.tgz"]) {
    fs.writeFileSync(path.join(chartsDirectory, name), `package ${name}`);
  }
  const sample = sampleRepository();
  // Without the digests of the true packages.
  sample.write(
    "charts/lock.yaml",
    "ollama: { repository: 'https://a.test', version: 1.77.0 }\nlibrechat: { repository: 'https://b.test', version: 2.0.8 }\n",
  );
  const platform = synthesizePlatform("minikube", { sample, chartsDirectory });
  const releases = Object.values(platform.llmApps.resource?.helm_release ?? {});
  expect(releases.map(({ version, repository }) => ({ version, repository }))).toEqual([
    { version: "2.0.8", repository: undefined },
    { version: "1.77.0", repository: undefined },
  ]);
  for (const { chart, name, version } of releases) {
    const file = path.join(platform.outdir, "stacks", "llm-apps", String(chart));
    expect(fs.readFileSync(file, "utf8")).toBe(`package ${name}-${version}.tgz`);
  }
  const written = fs.readFileSync(path.join(platform.outdir, "stacks", "llm-apps", "cdk.tf.json"), "utf8");
  for (const place of [chartsDirectory, platform.root]) expect(written).not.toContain(place);
});

test("fails where the lock has no such chart", () => {
  const sample = sampleRepository();
  sample.edit("charts/lock.yaml", "librechat:\n", "libre-chat:\n");
  expect(failure(() => synthesizePlatform("minikube", { sample }))).toBe(
    "charts/lock.yaml: librechat: missing, is libre-chat meant? (there are: libre-chat, ollama); add the chart's repository and version",
  );
});

test("a release comes after those that it needs, and after nothing else", () => {
  const sample = sampleRepository();
  const own = "application: ollama, models: [tiny], gpu: { count: 0 }";
  sample.edit(
    "environments/minikube-cpu.yaml",
    "  librechat:\n",
    `  small: { ${own} }\n  mini: { ${own}, needs: [small] }\n  librechat:\n    ollama: [ollama, mini]\n`,
  );
  const releases = synthesizePlatform("minikube-cpu", { sample }).llmApps.resource?.helm_release ?? {};
  const needs = Object.entries(releases).map(([name, { depends_on: after }]) => [
    name,
    after.filter((one) => one.startsWith("helm_release.")),
  ]);
  expect(Object.fromEntries(needs)).toEqual({
    ollama: [],
    small: [],
    mini: ["helm_release.small"],
    librechat: ["helm_release.ollama", "helm_release.mini"],
  });
});
