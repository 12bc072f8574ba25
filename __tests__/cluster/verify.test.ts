import execa from "execa";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { processesOf } from "../../operations/sandbox/processes";
import type { SandboxPorts } from "../../operations/sandbox/sandbox-directory";
import { askForModels } from "../../applications/librechat/questions";
import type { Verification } from "../../operations/verify/verification";
import type { Clone } from "../clone";
import { expectDocumented } from "../documented";
import { reportKubelet } from "../executed-pods";
import { waitFor } from "../wait-for";
import { type Answer, killAll } from "../running-process";
import { cloneWithCluster, echoChart, release } from "./cluster";
import { withTaintedNodes } from "./tainted-nodes";
import { failedCheck, unwrapped } from "../printed";

jest.setTimeout(60_000);

let clone: Clone;

beforeAll(async () => {
  clone = await cloneWithCluster();
  // Their pods are simulated; the sandbox leads port 11434 of any to its Ollama server.
  await release(clone, "ollama", ["--set", "service.port=11434"]);
  await clone.helm(
    ...["upgrade", "--install", "librechat-librechat", echoChart, "--namespace", "librechat"],
    ...["--create-namespace", "--wait", "--timeout", "60s", "--set", "service.port=3080"],
  );
}, 120_000);

afterAll(() => clone?.remove(), 30_000);

describe("npm run verify", () => {
  it("passes with a real completion through the Kubernetes API, and names what a simulated pod cannot answer", async () => {
    const { exitCode, output } = await verify();
    expect(output).toMatch(/^ {2}passed +ollama models: \/api\/tags lists tiny:latest$/m);
    expect(output).toMatch(
      /^ {2}passed +ollama completion: tiny:latest, the smallest, wrote \d+\s+tokens,\s+\d+\.\d\s+a\s+second$/m,
    );
    expect(output).toMatch(/^sandbox answers: 2 passed, 5 not checked$/m);
    expectDocumented("verify", "npm run verify", output, clone.root);
    expect(exitCode).toBe(0);
  });

  it("never counts as passed what was not asked", async () => {
    const checks = await verified();
    expect(checks.map(({ name, result }) => `${name}: ${result}`)).toEqual([
      "ollama models: passed",
      "ollama completion: passed",
      "ollama gpu: not checked",
      "librechat /health: not checked",
      "librechat /api/config: not checked",
      "librechat reaches ollama: not checked",
      "librechat login: not checked",
    ]);
    const withoutChat = (await verified(["--no-chat"])).map(({ name }) => name);
    expect(withoutChat).toEqual(checks.map(({ name }) => name).filter((name) => name !== "librechat login"));
    expect(one(checks, "ollama completion").tokensPerSecond).toBeGreaterThan(0);
    for (const { result, found } of checks)
      if (result === "not checked") expect(found).toContain("simulated");
  });

  it("asks every release, wherever its namespace is", async () => {
    await clone.helm(
      ...["upgrade", "--install", "small-ollama", echoChart, "--namespace", "models", "--create-namespace"],
      ...["--wait", "--timeout", "60s", "--set", "service.port=11434"],
    );
    const small = "small: { application: ollama, namespace: models, models: [tiny], gpu: { count: 0 } }";
    clone.replace("environments/sandbox.yaml", "applications:\n", `applications:\n  ${small}\n`);
    try {
      const checks = await verified();
      expect(checks.map(({ name, result }) => `${name}: ${result}`)).toEqual([
        "small models: passed",
        "small completion: passed",
        "ollama models: passed",
        "ollama completion: passed",
        "ollama gpu: not checked",
        "librechat /health: not checked",
        "librechat /api/config: not checked",
        "librechat reaches small: not checked",
        "librechat reaches ollama: not checked",
        "librechat login: not checked",
      ]);
    } finally {
      clone.replace("environments/sandbox.yaml", `  ${small}\n`, "");
    }
  });

  it("fails for a model of the environment that Ollama does not have", async () => {
    clone.replace("environments/sandbox.yaml", "models: [tiny]", "models: [codellama, tiny]");
    try {
      const { exitCode, output } = await verify();
      expect(exitCode).toBe(1);
      expect(output).toMatch(
        /^ {2}failed +ollama models: \/api\/tags lacks codellama:latest \(it lists\s+tiny:latest\)$/m,
      );
      expect(output).toContain("ollama pull codellama");
      expectDocumented("model-missing", "npm run verify", output, clone.root, failedCheck("ollama models"));
      // The others of the environment still answer.
      expect(output).toMatch(/^ {2}passed +ollama completion: tiny/m);
    } finally {
      clone.replace("environments/sandbox.yaml", "models: [codellama, tiny]", "models: [tiny]");
    }
  });

  it("fails for a node that is not simulated and whose GPU holds nothing of the model", async () => {
    const node = (await clone.list("pods", "--namespace=ollama"))[0]?.spec.nodeName ?? "";
    const own = (await clone.get<Node>("node", node)).status.nodeInfo.kubeletVersion;
    // What a kubelet says of itself. Its Ollama computes on the CPU: the fault that this finds.
    await reportKubelet(clone, node, "v1.35.4");
    try {
      const { output } = await verify();
      expectDocumented("gpu-not-used", "npm run verify", output, clone.root, failedCheck("ollama gpu"));
      const checks = await verified();
      expect(one(checks, "ollama gpu")).toMatchObject({
        result: "failed",
        found: "/api/ps: none of tiny:latest is in a GPU's memory, 1 GPU is asked for",
      });
      // Nor is anything of LibreChat left unasked there.
      expect(one(checks, "librechat /health")).toMatchObject({
        result: "failed",
        found: expect.stringMatching(/^\/health did not answer: .*no forward found for port 3080/),
      });
      expect(one(checks, "librechat reaches ollama").result).toBe("failed");
    } finally {
      await reportKubelet(clone, node, own);
    }
  });

  it("fails when Ollama's server is stopped, with the kubelet's reason", async () => {
    await stopProcesses(/\/ollama (serve|runner)/);
    try {
      const { exitCode, output } = await verify();
      expect(exitCode).toBe(1);
      expect(unwrapped(output)).toMatch(
        /failed ollama models: \/api\/tags did not answer: .*connect: connection refused/,
      );
      expectDocumented("ollama-stopped", "npm run verify", output, clone.root, failedCheck("ollama models"));
      expect(output).toMatch(/^ {2}not checked +ollama completion: Ollama does not answer$/m);
    } finally {
      await clone.startCluster();
    }
    expect((await verify()).exitCode).toBe(0);
  });

  it("names the node whose kubelet does not answer, and nothing of what it asked", async () => {
    const node = (await clone.list("pods", "--namespace=librechat"))[0]?.spec.nodeName ?? "";
    const own = (await clone.get<Node>("node", node)).status.nodeInfo.kubeletVersion;
    await reportKubelet(clone, node, "v1.35.4");
    try {
      await stopProcesses(/\/kwok-controller /);
      const { exitCode, output } = await verify();
      expect(exitCode).toBe(1);
      const text = unwrapped(output);
      expect(text).toMatch(
        /failed librechat \/health: the kubelet of the node \S+ does not answer: dial tcp/,
      );
      expect(text).toMatch(
        /failed librechat reaches ollama: the kubelet of the node \S+ does not answer: dial tcp/,
      );
      expect(text).not.toMatch(/%20|command=|networkpolicy/);
      expectDocumented(
        "kubelet-away",
        "npm run verify",
        output,
        clone.root,
        failedCheck("librechat reaches ollama"),
      );
    } finally {
      await clone.startCluster();
      await reportKubelet(clone, node, own);
    }
  });

  it("fails when there is no pod at all, with the reasons that deploy knows", async () => {
    const quota = ["quota", "none", "--namespace=ollama"];
    await clone.kubectl("create", ...quota, "--hard=pods=0");
    try {
      const output = await waitFor("the pod is refused", async () => {
        // The API server learns of a quota some moments after it was made, and until then lets the next pod in.
        await clone.kubectl("delete", "pods", "--all", "--namespace=ollama");
        const { output } = await verify();
        return output.includes("quota exceeded") && output;
      });
      expect(unwrapped(output)).toMatch(
        /failed ollama: service ollama\/ollama: it has no pod: ReplicaSet\/ollama-\w+: quota exceeded: .*exceeded quota: none/,
      );
      expect(output).toContain("→ raise applications.NAME.quota in the environment's file");
      // Whether the pod that was deleted still counts depends on the moment.
      const counted = output.replace("used: pods=1", "used: pods=0");
      expectDocumented("no-pod", "npm run verify", counted, clone.root, failedCheck("ollama"));
    } finally {
      await clone.kubectl("delete", ...quota);
    }
    await clone.kubectl("rollout", "restart", "deployment/ollama", "--namespace=ollama");
    await clone.kubectl("rollout", "status", "deployment/ollama", "--namespace=ollama", "--timeout=30s");
  });

  it("fails when no pod is ready, and says why", async () => {
    const { exitCode, output } = await withTaintedNodes(clone, async () => {
      await clone.kubectl("delete", "pods", "--all", "--namespace=ollama");
      const another = "--for=jsonpath={.status.unavailableReplicas}=1";
      await clone.kubectl("wait", another, "deployment/ollama", "--namespace=ollama", "--timeout=30s");
      return verify();
    });
    await clone.kubectl("rollout", "status", "deployment/ollama", "--namespace=ollama", "--timeout=30s");
    expect(exitCode).toBe(1);
    expect(unwrapped(output)).toMatch(
      /ollama: service ollama\/ollama: none of its 1 pods is ready: Pod\/ollama-\S+: unschedulable: taint: .*taint hold=1:NoSchedule/,
    );
    expect(output).toContain("→ take the taint off the node (kubectl taint nodes ");
  });

  it("fails before the first deploy, and when the cluster is away", async () => {
    await clone.kubectl("delete", "service", "librechat-librechat", "--namespace=librechat");
    try {
      const { exitCode, output } = await verify();
      expect(exitCode).toBe(1);
      expect(output).toMatch(
        /^ {2}failed +librechat: service librechat\/librechat-librechat: is not there$/m,
      );
    } finally {
      await clone.helm(
        ...[
          "upgrade",
          "librechat-librechat",
          echoChart,
          "--namespace",
          "librechat",
          "--set",
          "service.port=3080",
        ],
      );
    }
    await clone.pauseCluster();
    try {
      const { exitCode, output } = await verify();
      expect(exitCode).toBe(1);
      expect(unwrapped(output)).toContain("of the context sandbox does not answer: ECONNREFUSED");
      expect(output).not.toContain("passed ");
    } finally {
      await clone.startCluster();
    }
  });
});

test("npm run users says that nobody is in a simulated pod", async () => {
  const { exitCode, output } = await clone.npm("users", ["list", "--environment", "sandbox"]);
  expect(output).toMatch(/^librechat\/\S+ is simulated: nothing runs in it, and it has no users; /m);
  expect(exitCode).toBe(1);
});

/**
 * Stand-ins for the ingress, since neither it nor LibreChat runs in the sandbox: the one before Ollama hands every request on to
 * the real server, the other answers as LibreChat does.
 */
describe("npm run verify -- --url", () => {
  it("asks through the ingress: a completion by the real Ollama, health and configuration by LibreChat's", async () => {
    const ollama = await ingressBeforeOllama();
    const librechat = await answering({
      "/health": "OK",
      "/api/config": '{"appTitle":"Chat","serverDomain":"x"}',
    });
    try {
      const checks = await verified([
        "--url",
        `librechat=${librechat.url}`,
        "--url",
        `ollama=${ollama.url}/`,
      ]);
      expect(checks.map(({ name, result }) => `${name}: ${result}`)).toEqual([
        "ollama models: passed",
        "ollama completion: passed",
        "ollama gpu: not checked",
        "librechat /health: passed",
        "librechat /api/config: passed",
        "librechat reaches ollama: not checked",
        "librechat login: not checked",
      ]);
      expect(one(checks, "librechat /api/config").found).toBe('the page is called "Chat"');
      expect(new Set(ollama.asked)).toEqual(new Set(["/api/tags", "/api/generate", "/api/ps"]));
    } finally {
      await Promise.all([ollama.close(), librechat.close()]);
    }
  });

  it("fails for an ingress that has no backend, and for one that leads to something else", async () => {
    const empty = await answering({});
    const page = "<html>Welcome to nginx!</html>";
    const other = await answering({ "/health": page, "/api/config": page });
    try {
      const refused = await verified(["--url", `librechat=${empty.url}`]);
      expect(one(refused, "librechat /health")).toMatchObject({
        result: "failed",
        found: `${empty.url}/health answered 503: no backend`,
      });
      const wrong = await verified(["--url", `librechat=${other.url}`]);
      expect(one(wrong, "librechat /api/config")).toMatchObject({
        result: "failed",
        found: `${other.url}/api/config answered something else than JSON: ${page}`,
      });
    } finally {
      await Promise.all([empty.close(), other.close()]);
    }
  });

  it("takes the environment's address where none is given, and refuses what is none", async () => {
    const { exitCode, output } = await verify(["--url"]);
    expect(exitCode).toBe(1);
    expect(unwrapped(output)).toContain("http://librechat.sandbox.test/health did not answer:");
    expect((await verify(["--url", "librechat"])).output).toBe(
      "--url: found librechat, expected RELEASE=ADDRESS, such as ollama=http://chat.example.com (releases: ollama, librechat)",
    );
  });
});

describe("the question that LibreChat's pod is given", () => {
  // No program runs in a simulated pod: the same command runs here, against the same server.
  it("lists the models of the real Ollama, and fails with the reason when it does not answer", async () => {
    const ask = (port: number) => {
      const [program = "", ...args] = askForModels(`http://127.0.0.1:${port}/v1/models`);
      return execa(program, args, { reject: false });
    };
    expect(await ask(ports().ollama)).toMatchObject({ exitCode: 0, stdout: "tiny:latest" });
    // A port that nobody listens on.
    expect(await ask(2)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^http:\/\/127\.0\.0\.1:2\/v1\/models: .*(ECONNREFUSED|bad port)/),
    });
  });
});

/** As much of a node as says which kubelet is its own. */
interface Node {
  readonly status: { readonly nodeInfo: { readonly kubeletVersion: string } };
}

function verify(args: readonly string[] = []): Promise<Answer> {
  return clone.npm("verify", ["--environment", "sandbox", ...args]);
}

async function verified(args: readonly string[] = []): Promise<readonly Verification[]> {
  const { output } = await verify([...args, "--json"]);
  return (JSON.parse(output) as { checks: Verification[] }).checks;
}

function one(checks: readonly Verification[], name: string): Verification {
  const found = checks.find((check) => check.name === name);
  if (!found) throw new Error(`no check ${name} in ${checks.map((check) => check.name).join()}`);
  return found;
}

function ports(): SandboxPorts {
  return (JSON.parse(clone.read(".sandbox/sandbox.json")) as { ports: SandboxPorts }).ports;
}

async function stopProcesses(command: RegExp): Promise<void> {
  const all = await processesOf(fs.realpathSync(clone.file(".sandbox")));
  const own = all.filter((one) => command.test(one.command));
  expect(own.length).toBeGreaterThan(0);
  killAll(own.map(({ pid }) => pid));
}

interface StandIn {
  readonly url: string;
  /** Paths in the order in which they were asked for. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

async function listening(handler: http.RequestListener): Promise<StandIn> {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url ?? "");
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answering(answers: { readonly [path: string]: string }): Promise<StandIn> {
  return listening(({ url = "" }, response) => {
    const answer = answers[url];
    response.writeHead(answer === undefined ? 503 : 200).end(answer ?? "no backend");
  });
}

function ingressBeforeOllama(): Promise<StandIn> {
  const { ollama } = ports();
  return listening((request, response) => {
    const { method, url, headers } = request;
    const onward = http.request({ host: "127.0.0.1", port: ollama, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
}
