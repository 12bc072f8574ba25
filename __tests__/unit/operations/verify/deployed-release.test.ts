import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { answers } from "../../../../applications/question";
import { loadEnvironment } from "../../../../applications/load-environment";
import { releasesOf } from "../../../../applications/releases";
import { OperationError } from "../../../../operations/errors/operation-error";
import type { Backend } from "../../../../operations/releases/backend";
import { deployedRelease } from "../../../../operations/verify/deployed-release";
import { UnaskedError } from "../../../../operations/verify/unasked-error";
import { repository } from "../../sample-repository";

const [release] = releasesOf(loadEnvironment(repository, "minikube-cpu"));
if (!release) throw new Error("no release");

const pod = (simulated: boolean): Backend => ({
  pod: { name: "web-0", namespace: "web", container: "web", node: "node" },
  simulated,
  forward: () => Promise.reject(new Error("not here")),
  run: ({ command: [program] }) =>
    program === "true"
      ? Promise.resolve({ exitCode: 0, stdout: "yes\n", stderr: "" })
      : Promise.reject(new OperationError("no such program")),
});

/** A port that nobody listens on, behind which a kubelet says this. */
const silent = (fault?: string) => ({ address: "http://127.0.0.1:2", fault: () => fault });

const deployed = (endpoint = silent(), of: Backend | OperationError = pod(false)) =>
  deployedRelease({ release, endpoint, pod: of, kubectl: "kubectl --context x" });

test("commands for people name the namespace and the Service", () => {
  const { exec, logs } = deployed();
  expect([exec, logs]).toEqual([
    "kubectl --context x --namespace ollama exec svc/ollama --",
    "kubectl --context x --namespace ollama logs svc/ollama",
  ]);
});

test("a program runs in its pod, and one that cannot be run names the pod", async () => {
  expect(await deployed().run({ command: ["true"] })).toMatchObject({ exitCode: 0, stdout: "yes\n" });
  await expect(deployed().run({ command: ["false"] })).rejects.toThrow("asked from web-0: no such program");
});

test("what is wrong with its node is said with a way out of its own, whatever was asked", async () => {
  const fault = "error dialing backend: dial tcp 10.0.0.2:10250: connect: connection refused";
  await expect(deployed(silent(fault)).text("/health")).rejects.toMatchObject({
    found:
      "the kubelet of the node node does not answer: dial tcp 10.0.0.2:10250: connect: connection refused",
    next: expect.stringContaining("kubectl --context x describe node node") as string,
  });
  const away = new OperationError("away", { found: "away", next: "look at the node" });
  const unreached = { ...pod(false), run: () => Promise.reject(away) };
  await expect(deployed(silent(), unreached).run({ command: ["true"] })).rejects.toBe(away);
});

test("nothing is asked from a pod that is simulated or not there", async () => {
  await expect(deployed(silent(), pod(true)).run({ command: ["true"] })).rejects.toThrow(UnaskedError);
  await expect(deployed(silent(), new OperationError("none")).run({ command: ["true"] })).rejects.toThrow(
    "there is no pod of Ollama to ask from",
  );
});

test("what nobody answers fails once: no other request is sent", async () => {
  const none = deployed(silent("refused"));
  await expect(none.text("/health")).rejects.toThrow(/^\/health did not answer: refused$/);
  await expect(none.json("/config")).rejects.toThrow(new UnaskedError("Ollama does not answer"));
  await expect(deployed().text("/health")).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:2\/health did not answer: /,
  );
});

test("a simulated pod that no server stands behind is not asked, and one with a server that is down has failed", async () => {
  const nothing = deployed(silent("no forward found for port 80 in pod x"), pod(true));
  for (const path of ["/health", "/config"]) {
    await expect(nothing.text(path)).rejects.toThrow(
      new UnaskedError("the pod is simulated: nothing runs in it"),
    );
  }
  await expect(deployed(silent("connection refused"), pod(true)).text("/health")).rejects.not.toThrow(
    UnaskedError,
  );
});

describe("a server that answers", () => {
  let server: http.Server;
  let asked: { method?: string; url?: string; body: string }[] = [];
  const endpoint = () => ({ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

  beforeAll(async () => {
    const replies: { readonly [path: string]: string } = { "/health": "OK\n", "/api/version": '{"a":1}' };
    server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method, url = "" } = request;
        asked.push({ method, url, body: Buffer.concat(chunks).toString() });
        response.writeHead(replies[url] === undefined ? 404 : 200).end(replies[url] ?? "nothing here");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test("answers a question that is one line of an application", async () => {
    const web = deployedRelease({ release, endpoint: endpoint(), pod: pod(false), kubectl: "kubectl" });
    expect(await answers("/health").ask(web)).toEqual({ result: "passed", found: "answers OK" });
    expect(await answers("/api/version", "JSON").ask(web)).toEqual({
      result: "passed",
      found: "answers JSON",
    });
    await expect(answers("/health", "JSON").ask(web)).rejects.toThrow(
      "answered something else than JSON: OK",
    );
    await expect(answers("/missing").ask(web)).rejects.toThrow("/missing answered 404: nothing here");
  });

  test("is sent a body as JSON", async () => {
    await deployedRelease({ release, endpoint: endpoint(), pod: pod(false), kubectl: "kubectl" }).json(
      "/api/version",
      { body: { a: 1 } },
    );
    expect(asked).toEqual([{ method: "POST", url: "/api/version", body: '{"a":1}' }]);
  });
});
