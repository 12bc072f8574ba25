import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import execa from "execa";
import { down } from "../../operations/platform/down";
import { programsOf, providePrograms, SandboxBinaries } from "../../operations/sandbox/programs";
import { processesOf } from "../../operations/sandbox/processes";
import { removeSandbox, Sandbox, startSandbox } from "../../operations/sandbox/sandbox";
import { missingFrom, pauseSandbox } from "../pause-sandbox";
import { tinyModel } from "../../operations/sandbox/tiny-model";
import { killAll } from "../running-process";
import { skippedUnless } from "../skipped-unless";
import { waitFor } from "../wait-for";

const ROOT = path.join(__dirname, "..", "..");
const FIXTURES = path.join(__dirname, "..", "fixtures");
const MINUTES = 60_000;

jest.setTimeout(30_000);

const environment = process.env;
// A space in it: clones lie in such folders, too.
const work = path.join(realpathSync(os.tmpdir()), `sandbox test ${process.pid}`);
const directories: string[] = [];
let binaries: SandboxBinaries;

function newDirectory(name: string): string {
  const directory = path.join(work, name, ".sandbox");
  directories.push(directory);
  return directory;
}

beforeAll(async () => {
  await mkdir(work, { recursive: true });
  binaries = await providePrograms(programsOf(environment));
}, 40 * MINUTES);

afterAll(async () => {
  for (const directory of directories) await removeSandbox({ directory });
  await rm(work, { recursive: true, force: true });
}, MINUTES);

describe("a sandbox", () => {
  const directory = newDirectory("one");
  let sandbox: Sandbox;

  const kubectl = async (args: string[], input?: object): Promise<string> => {
    const { stdout } = await execa(
      binaries.kubectl,
      ["--kubeconfig", sandbox.kubeconfig, "--context", "sandbox", ...args],
      { input: input === undefined ? "" : JSON.stringify(input) },
    );
    return stdout;
  };
  const get = async (...args: string[]) => JSON.parse(await kubectl(["get", ...args, "-o", "json"]));
  const apply = (...items: object[]) =>
    kubectl(["apply", "-f", "-"], { apiVersion: "v1", kind: "List", items });

  beforeAll(async () => {
    sandbox = await startSandbox({ directory, binaries, models: ["tiny", "llama2:7b"] });
  }, MINUTES);

  it("is left as it is by a second start", async () => {
    const before = (await processesOf(directory)).map(({ pid }) => pid).sort();
    expect(await startSandbox({ directory, binaries })).toEqual(sandbox);
    expect((await processesOf(directory)).map(({ pid }) => pid).sort()).toEqual(before);
  });

  it("has a kubeconfig that only its owner reads, with one context, sandbox, for an administrator", async () => {
    expect(statSync(sandbox.kubeconfig).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect((await kubectl(["config", "get-contexts", "-o", "name"])).trim()).toBe("sandbox");
    expect((await kubectl(["auth", "can-i", "*", "*", "--all-namespaces"])).trim()).toBe("yes");
  });

  skippedUnless(process.platform === "linux", "it reads /proc of Linux")(
    "listens on the loopback address only",
    async () => {
      // A model in memory has a process of its own, which listens too.
      await generate(sandbox.ollamaUrl, "tiny");
      const listening = await listenersOf(directory);
      expect(listening.length).toBeGreaterThanOrEqual(8);
      expect(new Set(listening.map(({ address }) => address))).toEqual(new Set(["127.0.0.1"]));
    },
  );

  it("knows its version, a node with GPUs and one without, a default StorageClass and the nginx IngressClass", async () => {
    const version = JSON.parse(await kubectl(["version", "-o", "json"]));
    expect(version.serverVersion.gitVersion).toBe("v1.35.4");
    const nodes = await get("nodes");
    expect(
      nodes.items.map((node: KubernetesObject) => [
        node.metadata.name,
        node.status.allocatable["nvidia.com/gpu"],
      ]),
    ).toEqual([
      ["cpu-0", undefined],
      ["gpu-0", "8"],
    ]);
    const [storageClass] = (await get("storageclasses")).items;
    expect(storageClass.metadata.name).toBe("standard");
    expect(storageClass.metadata.annotations["storageclass.kubernetes.io/is-default-class"]).toBe("true");
    expect((await get("ingressclasses")).items[0].metadata.name).toBe("nginx");
  });

  it("puts a pod that asks for a GPU and tolerates the taint on gpu-0, and leaves one without the toleration pending", async () => {
    await apply(namespace("gpu"), gpuPod("tolerant", true), gpuPod("intolerant", false));
    await kubectl(["wait", "-n", "gpu", "pod/tolerant", "--for=condition=Ready", "--timeout=20s"]);
    await kubectl([
      "wait",
      "-n",
      "gpu",
      "pod/intolerant",
      "--for=condition=PodScheduled=False",
      "--timeout=20s",
    ]);
    expect((await get("-n", "gpu", "pod/tolerant")).spec.nodeName).toBe("gpu-0");
    const intolerant = await get("-n", "gpu", "pod/intolerant");
    expect(intolerant.status.phase).toBe("Pending");
    expect(intolerant.status.conditions[0].message).toMatch(/untolerated taint/);
  });

  it("refuses what Pod Security and a ResourceQuota forbid, and adds a LimitRange's defaults", async () => {
    await apply(
      namespace("limited", { "pod-security.kubernetes.io/enforce": "baseline" }),
      {
        apiVersion: "v1",
        kind: "LimitRange",
        metadata: { name: "defaults", namespace: "limited" },
        spec: { limits: [{ type: "Container", default: { cpu: "1", memory: "1Gi" } }] },
      },
      {
        apiVersion: "v1",
        kind: "ResourceQuota",
        metadata: { name: "quota", namespace: "limited" },
        spec: { hard: { pods: "1" } },
      },
    );
    const privileged = pod("limited", "privileged", { securityContext: { privileged: true } });
    await expect(apply(privileged)).rejects.toThrow(/violates PodSecurity "baseline/);
    const counted = "--for=jsonpath={.status.hard.pods}=1";
    await kubectl(["wait", "-n", "limited", "resourcequota/quota", counted, "--timeout=20s"]);
    await apply(pod("limited", "first"));
    expect((await get("-n", "limited", "pod/first")).spec.containers[0].resources.limits).toEqual({
      cpu: "1",
      memory: "1Gi",
    });
    await expect(apply(pod("limited", "second"))).rejects.toThrow(/exceeded quota/);
  });

  it("binds a claim, and makes its volume available again once the claim is deleted", async () => {
    await apply(namespace("storage"), {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data", namespace: "storage" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "50Gi" } } },
    });
    await kubectl([
      "wait",
      "-n",
      "storage",
      "pvc/data",
      "--for=jsonpath={.status.phase}=Bound",
      "--timeout=20s",
    ]);
    const { volumeName, storageClassName } = (await get("-n", "storage", "pvc/data")).spec;
    expect(storageClassName).toBe("standard");
    await kubectl(["delete", "-n", "storage", "pvc/data"]);
    await kubectl(["wait", `pv/${volumeName}`, "--for=jsonpath={.status.phase}=Available", "--timeout=20s"]);

    const again = { name: "again", namespace: "storage" };
    await apply({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: again,
      spec: { accessModes: ["ReadWriteOnce"], volumeName, resources: { requests: { storage: "50Gi" } } },
    });
    await kubectl([
      "wait",
      "-n",
      "storage",
      "pvc/again",
      "--for=jsonpath={.status.phase}=Bound",
      "--timeout=20s",
    ]);
  });

  it("has init containers done, completes a job, and lets its pod be deleted", async () => {
    const init = { initContainers: [{ name: "init", image: "registry.example/init:1.0" }] };
    await apply(namespace("jobs"), pod("jobs", "prepared", {}, init), {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "once", namespace: "jobs" },
      spec: {
        template: {
          spec: {
            containers: [{ name: "main", image: "registry.example/main:1.0" }],
            restartPolicy: "Never",
          },
        },
      },
    });
    await kubectl(["wait", "-n", "jobs", "pod/prepared", "--for=condition=Ready", "--timeout=20s"]);
    const { status } = await get("-n", "jobs", "pod/prepared");
    expect(status.initContainerStatuses[0].state.terminated.reason).toBe("Completed");
    await kubectl(["wait", "-n", "jobs", "job/once", "--for=condition=Complete", "--timeout=20s"]);
    await kubectl(["delete", "-n", "jobs", "pods", "--all", "--timeout=20s"]);
    expect((await get("-n", "jobs", "pods")).items).toEqual([]);
  });

  it("lets the real Helm install a chart, wait for it, upgrade it, and take it away", async () => {
    const helm = async (...args: string[]) => {
      const { stdout } = await execa(
        binaries.helm,
        [...args, "--namespace", "echo", "--kubeconfig", sandbox.kubeconfig, "--kube-context", "sandbox"],
        { env: { HELM_CACHE_HOME: work, HELM_CONFIG_HOME: work, HELM_DATA_HOME: work } },
      );
      return stdout;
    };
    const chart = path.join(FIXTURES, "charts", "echo");
    const wait = ["--create-namespace", "--wait", "--timeout", "30s"];
    await helm("upgrade", "--install", "echo", chart, ...wait);
    expect((await get("-n", "echo", "deployment/echo")).status.availableReplicas).toBe(1);

    await helm("upgrade", "echo", chart, "--set", "replicaCount=2", "--set", "greeting=bonjour", ...wait);
    expect((await get("-n", "echo", "deployment/echo")).status.availableReplicas).toBe(2);
    expect((await get("-n", "echo", "configmap/echo")).data.greeting).toBe("bonjour");
    expect(JSON.parse(await helm("list", "-o", "json"))).toMatchObject([
      { name: "echo", revision: "2", status: "deployed", chart: "echo-0.1.0" },
    ]);

    await helm("uninstall", "echo", "--wait");
    expect((await get("-n", "echo", "deployments,services")).items).toEqual([]);
  });

  it("answers a port-forward to the Ollama Service with the real Ollama's models and a real completion", async () => {
    const labels = { "app.kubernetes.io/name": "ollama", "app.kubernetes.io/instance": "ollama" };
    const container = {
      name: "ollama",
      image: "ollama/ollama:0.20.0",
      ports: [{ name: "http", containerPort: 11434 }],
    };
    await apply(
      namespace("ollama"),
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "ollama", namespace: "ollama", labels },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [container] } },
        },
      },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "ollama", namespace: "ollama", labels },
        spec: { selector: labels, ports: [{ name: "http", port: 11434, targetPort: "http" }] },
      },
    );
    await kubectl(["rollout", "status", "-n", "ollama", "deployment/ollama", "--timeout=20s"]);

    const forward = execa(binaries.kubectl, [
      ...["--kubeconfig", sandbox.kubeconfig, "-n", "ollama"],
      ...["port-forward", "--address", "127.0.0.1", "svc/ollama", ":11434"],
    ]);
    try {
      const port = await new Promise<string>((resolve, reject) => {
        forward.stdout?.on("data", (data: Buffer) => {
          const match = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(data.toString());
          if (match?.[1] !== undefined) resolve(match[1]);
        });
        forward.catch(reject);
      });
      const url = `http://127.0.0.1:${port}`;
      const tags = (await (await fetch(`${url}/api/tags`)).json()) as { models: { name: string }[] };
      expect(tags.models.map(({ name }) => name).sort()).toEqual(["llama2:7b", "tiny:latest"]);
      for (const model of ["tiny", "llama2:7b"]) {
        const answer = await generate(url, model);
        expect(answer.done).toBe(true);
        expect(answer.eval_count).toBeGreaterThan(0);
        expect(answer.response).toMatch(/^[a-z ]+$/);
      }
    } finally {
      forward.kill();
      await forward.catch(() => undefined);
    }
  }, 30_000);

  it("says in every pod's log that the pod is simulated", async () => {
    await kubectl(["wait", "-n", "gpu", "pod/tolerant", "--for=condition=Ready", "--timeout=20s"]);
    expect(await kubectl(["logs", "-n", "gpu", "tolerant"])).toMatch(/^this pod is simulated/);
  });

  it("gets a model that a later start names", async () => {
    await startSandbox({ directory, binaries, models: ["tiny", "codellama:7b"] });
    expect((await generate(sandbox.ollamaUrl, "codellama:7b")).done).toBe(true);
  });

  it("refuses connections while paused, and comes back with its data, its nodes at work", async () => {
    await apply(namespace("kept"));
    await pauseSandbox(directory);
    await expect(get("namespaces")).rejects.toThrow(/refused/);

    expect(await startSandbox({ directory, binaries })).toEqual(sandbox);
    await apply(pod("kept", "after-resume"));
    await kubectl(["wait", "-n", "kept", "pod/after-resume", "--for=condition=Ready", "--timeout=20s"]);
    expect(await missingFrom(directory)).toEqual([]);
  }, 40_000);

  it("is mended by a start when its etcd was killed, and keeps its data", async () => {
    await kill(directory, "/bin/etcd ");
    expect(await missingFrom(directory)).toContain("etcd");
    await startSandbox({ directory, binaries });
    await apply(pod("kept", "after-crash"));
    await kubectl(["wait", "-n", "kept", "pod/after-crash", "--for=condition=Ready", "--timeout=20s"]);
  }, 40_000);

  it("is mended by a start when its model server was killed, without a new control plane", async () => {
    const apiServer = (await find(directory, "/bin/kube-apiserver "))[0]?.pid;
    await kill(directory, "/bin/ollama serve");
    await startSandbox({ directory, binaries });
    expect((await find(directory, "/bin/kube-apiserver "))[0]?.pid).toBe(apiServer);
    expect((await generate(sandbox.ollamaUrl, "tiny")).done).toBe(true);
  });

  it("does not disturb a second one on the same machine, nor is it disturbed by that one's removal", async () => {
    const second = newDirectory("two");
    const other = await startSandbox({ directory: second, binaries });
    expect(other.ollamaUrl).not.toBe(sandbox.ollamaUrl);
    await expect(
      execa(binaries.kubectl, ["--kubeconfig", other.kubeconfig, "get", "namespace", "kept"]),
    ).rejects.toThrow(/not found/);
    await removeSandbox({ directory: second });
    expect(existsSync(second)).toBe(false);
    expect((await get("namespace", "kept")).metadata.name).toBe("kept");
    expect(await missingFrom(directory)).toEqual([]);
  }, 40_000);

  it("is removed by down with every process and file, and a second down finds nothing", async () => {
    const lines: string[] = [];
    const again = () => down(path.dirname(directory), {}, (line) => lines.push(line));
    await again();
    expect(lines).toEqual([expect.stringMatching(/^removed the sandbox: [678] processes/)]);
    expect(await processesOf(directory)).toEqual([]);
    expect(existsSync(directory)).toBe(false);

    await again();
    expect(lines[1]).toBe("no sandbox in this clone: nothing to remove");
  });
});

describe("a crash", () => {
  it("in the middle of a start leaves nothing that a removal does not find, and nothing that a start cannot mend", async () => {
    const directory = newDirectory("crash");
    const sandboxModule = require.resolve("../../operations/sandbox/sandbox");
    const start = () =>
      execa(
        process.execPath,
        [
          ...["--require", "./operations/typescript.cjs", "--eval"],
          `require(${JSON.stringify(sandboxModule)}).startSandbox(${JSON.stringify({ directory, binaries })})`,
        ],
        { cwd: ROOT, reject: false },
      );

    for (const moment of ["/bin/kwokctl ", "/bin/kube-apiserver "]) {
      const starting = start();
      await waitFor(`${moment}runs`, async () => (await find(directory, moment)).length > 0);
      starting.kill("SIGKILL");
      await kill(directory, "/bin/kwokctl ");
      await starting;
      await removeSandbox({ directory });
      expect(await processesOf(directory)).toEqual([]);
      expect(existsSync(directory)).toBe(false);
    }

    const starting = start();
    await waitFor(
      "the API server runs",
      async () => (await find(directory, "/bin/kube-apiserver ")).length > 0,
    );
    starting.kill("SIGKILL");
    await starting;
    await startSandbox({ directory, binaries });
    expect(await missingFrom(directory)).toEqual([]);

    await kill(directory, "");
    expect((await removeSandbox({ directory })).existed).toBe(true);
    expect(await processesOf(directory)).toEqual([]);
    expect(existsSync(directory)).toBe(false);
  }, 60_000);

  it("that left a directory half written is no obstacle to a removal", async () => {
    const directory = newDirectory("half");
    await mkdir(path.join(directory, "home", ".kwok"), { recursive: true });
    await writeFile(path.join(directory, "sandbox.json.unfinished"), '{"pha');
    expect((await removeSandbox({ directory })).existed).toBe(true);
    expect(existsSync(directory)).toBe(false);
  });
});

describe("bad input", () => {
  it("fails to remove a folder that is not a sandbox, and leaves it alone", async () => {
    const directory = path.join(work, "thesis");
    await mkdir(directory);
    await writeFile(path.join(directory, "chapter-1.md"), "once upon a time");
    await expect(removeSandbox({ directory })).rejects.toThrow(
      /is not a sandbox: it holds "chapter-1.md"; nothing was removed/,
    );
    expect(readdirSync(directory)).toEqual(["chapter-1.md"]);
  });

  it("fails with the log's last words when a component does not come up", async () => {
    const directory = newDirectory("broken");
    const broken = path.join(work, "broken-api-server");
    await writeFile(
      broken,
      '#!/bin/sh\n[ "$1" = --version ] && echo "Kubernetes v1.35.4" && exit\necho the disk is full >&2; exit 1\n',
      {
        mode: 0o755,
      },
    );
    const start = startSandbox({ directory, binaries: { ...binaries, "kube-apiserver": broken } });
    await expect(start).rejects.toThrow(
      /the sandbox's control plane did not create[^]*the disk is full[^]*npm run down/,
    );
    expect(await processesOf(directory)).toEqual([]);
  }, 20_000);
});

describe("the tiny model", () => {
  it("is the same file of half a megabyte on every machine", () => {
    const file = tinyModel();
    expect(file.subarray(0, 4).toString()).toBe("GGUF");
    expect(file.length).toBeLessThan(500_000);
    expect(createHash("sha256").update(file).digest("hex")).toBe(
      "6b109108e8ef98346df35b0b221a1ecb78a7694d0343792dd3daec9f1fb14d22",
    );
    expect(tinyModel().equals(file)).toBe(true);
  });
});

// What kubectl answers; the tests read what they need from it.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type KubernetesObject = any;

function namespace(name: string, labels: Record<string, string> = {}): object {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

function pod(inNamespace: string, name: string, container: object = {}, spec: object = {}): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: inNamespace },
    spec: { containers: [{ name: "main", image: "registry.example/main:1.0", ...container }], ...spec },
  };
}

function gpuPod(name: string, tolerant: boolean): object {
  const toleration = { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" };
  const resources = { limits: { "nvidia.com/gpu": "1" } };
  return pod("gpu", name, { resources }, { tolerations: tolerant ? [toleration] : [] });
}

interface Completion {
  readonly done: boolean;
  readonly response: string;
  readonly eval_count: number;
}

async function generate(url: string, model: string): Promise<Completion> {
  const response = await fetch(`${url}/api/generate`, {
    method: "POST",
    body: JSON.stringify({ model, prompt: "hello", stream: false }),
  });
  return (await response.json()) as Completion;
}

async function find(directory: string, part: string) {
  return (await processesOf(directory)).filter(({ command }) => command.includes(part));
}

async function kill(directory: string, part: string): Promise<void> {
  killAll((await find(directory, part)).map(({ pid }) => pid));
  await waitFor(`${part} has ended`, async () => (await find(directory, part)).length === 0);
}

/** Where the links of a folder of /proc lead, but for what has ended or was closed since. */
function linksIn(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((name) => {
      try {
        return [readlinkSync(`${folder}/${name}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** The TCP addresses that a sandbox's processes listen on, as the kernel has them. */
async function listenersOf(directory: string): Promise<{ address: string; port: number }[]> {
  const inodes = new Set(
    (await processesOf(directory)).flatMap(({ pid }) =>
      linksIn(`/proc/${pid}/fd`).map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]),
    ),
  );
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === "0A" && inodes.has(inode))
      .map(([, local]) => {
        const [hex = "", port = ""] = (local ?? "").split(":");
        const address = table === "tcp" ? [...Buffer.from(hex, "hex")].reverse().join(".") : `tcp6 ${hex}`;
        return { address, port: Number.parseInt(port, 16) };
      }),
  );
}
