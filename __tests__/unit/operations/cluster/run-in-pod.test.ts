import execa from "execa";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { PodProgram } from "../../../../applications/pod-program";
import { repository } from "../../sample-repository";
import { StandInCluster } from "../backup/stand-in-cluster";
import { accept } from "./accept-websocket";

/** What is answered of a server, in a process of its own: Jest does not read the client's modules. */
async function run(url: string, asked: (run: string, pod: string) => string): Promise<string> {
  const pod = JSON.stringify({ namespace: "a", name: "pod", container: "c", node: "n" });
  const script = `require("./operations/typescript.cjs");
    const { KubeConfig } = require("@kubernetes/client-node");
    const { impatient } = require("./operations/cluster/kubeconfig.ts");
    const pods = require("./operations/cluster/run-in-pod.ts");
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: "a", server: "${url}", skipTLSVerify: true }, { name: "a" });
    ${asked("pods", `impatient(config, 1000), ${pod}`)}
      .then((run) => console.log(JSON.stringify(run)), ({ message }) => console.log(message));`;
  // It ends by itself: nothing that is open keeps it.
  return (await execa(process.execPath, ["--eval", script], { cwd: repository })).stdout;
}

async function listening(server: http.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answer(
  server: http.Server,
  timeoutMs = 300,
  answers: PodProgram["answers"] = [],
): Promise<string> {
  const program = JSON.stringify({ command: ["sleep"], answers, timeoutMs });
  return run(await listening(server), (pods, to) => `${pods}.runInPod(${to}, ${program}, "kubectl")`);
}

/** The same of what is streamed. */
const streamed = (url: string, command: readonly string[], silenceMs: number, more = ""): Promise<string> =>
  run(url, (pods, to) => {
    const streams = `{ signal: new AbortController().signal, silenceMs: ${silenceMs}, ${more} }`;
    return `${pods}.streamInPod(${to}, ${JSON.stringify(command)}, ${streams}, "kubectl")`;
  });

/** One message of the server: a channel, and what comes on it. */
function frame(channel: number, text: string): Buffer {
  const payload = Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
  return Buffer.concat([Buffer.from([0x82, 126, payload.length >> 8, payload.length & 255]), payload]);
}

/** What a client sent in one message, without its channel. */
function unmasked(message: Buffer): string {
  const length = (message[1] ?? 0) & 127;
  const mask = message.subarray(2, 6);
  return Buffer.from(message.subarray(6, 6 + length).map((byte, i) => byte ^ (mask[i % 4] ?? 0)))
    .subarray(1)
    .toString();
}

const failure = {
  status: "Failure",
  reason: "NonZeroExitCode",
  details: { causes: [{ reason: "ExitCode", message: "3" }] },
};

jest.setTimeout(60_000);

test("each line is written once it was asked for, and how the program ended is told", async () => {
  const told: string[] = [];
  const server = http.createServer().on("upgrade", (request, socket: Duplex) => {
    accept(request, socket);
    const sends = [
      () => socket.write(Buffer.concat([frame(1, "Pass"), frame(1, "word: ")])),
      () => socket.end(Buffer.concat([frame(2, "no such user\n"), frame(3, JSON.stringify(failure))])),
    ];
    socket.on("data", (message: Buffer) => {
      const send = sends.shift();
      // What comes after the end is a goodbye.
      if (send) told.push(unmasked(message));
      send?.();
    });
    socket.write(frame(1, "Email: "));
  });
  const answers = [
    { asked: "Email:", line: "anna@example.com" },
    { asked: "Password:", line: "Correct-horse-7" },
  ];
  try {
    expect(JSON.parse(await answer(server, 20_000, answers))).toEqual({
      exitCode: 3,
      stdout: "Email: Password: ",
      stderr: "no such user\n",
    });
    expect(told).toEqual(["anna@example.com\n", "Correct-horse-7\n"]);
  } finally {
    server.close();
  }
});

test("a program that does not end is given up, and its connection closed", async () => {
  const server = http.createServer();
  const closed = new Promise<void>((resolve) =>
    server.on("upgrade", (request, socket: Duplex) => {
      accept(request, socket);
      socket
        .resume()
        .on("error", () => resolve())
        .on("end", () => resolve());
    }),
  );
  expect(await answer(server)).toBe(
    "what was to run in pod on the node n did not end in 0.3 s: kubectl describe node n",
  );
  await closed;
  server.closeAllConnections();
  server.close();
});

test("a connection that ends before the program does is no success", async () => {
  const server = http.createServer().on("upgrade", (request, socket: Duplex) => {
    accept(request, socket);
    socket.end();
  });
  expect(await answer(server, 20_000)).toBe("the connection to pod ended before its program did");
  server.close();
});

test("a server that never answers keeps nobody", async () => {
  const server = http.createServer().on("upgrade", (_request, socket: Duplex) => socket.resume());
  expect(await answer(server)).toBe(
    "what was to run in pod on the node n did not end in 0.3 s: kubectl describe node n",
  );
  server.closeAllConnections();
  server.close();
});

test("a stream from which nothing comes any more is given up, and told with where and how long", async () => {
  const server = http.createServer().on("upgrade", (request, socket: Duplex) => {
    accept(request, socket);
    socket.resume().write(frame(2, "it has begun"));
  });
  expect(await streamed(await listening(server), ["save"], 600)).toBe(
    "nothing has come from a/pod on the node n for 0.6 s, not even a sign of life, which it gives every 0.1 s: the pod, its node or the way there is gone: kubectl describe node n\nthen run this again",
  );
  server.closeAllConnections();
  server.close();
});

test("the connection ends where nobody takes any more what comes", async () => {
  const cluster = new StandInCluster(() => ({ directory: repository, variables: process.env }));
  const full = `take: new (require("node:stream").Writable)({
    write: (_data, _encoding, written) => written(new Error("no space is left there")),
  })`;
  try {
    const url = await cluster.listen();
    expect(await streamed(url, ["cat", "/dev/zero"], 60_000, full)).toBe("no space is left there");
  } finally {
    cluster.close();
  }
});

test("a program that has nothing to say for longer than that is waited for, and so is how it ended", async () => {
  const cluster = new StandInCluster(() => ({ directory: repository, variables: process.env }));
  try {
    const command = ["bash", "-c", "sleep 4; echo first >&2; echo second >&2; exit 3"];
    expect(JSON.parse(await streamed(await cluster.listen(), command, 3000))).toEqual({
      exitCode: 3,
      stderr: "\nfirst\nsecond\n",
    });
  } finally {
    cluster.close();
  }
});
