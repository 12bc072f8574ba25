import execa from "execa";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { PodProgram } from "../../../../applications/pod-program";
import { repository } from "../../sample-repository";
import { accept } from "./accept-websocket";

/** What runInPod answers of a server, in a process of its own: Jest does not read the client's modules. */
async function answer(
  server: http.Server,
  timeoutMs = 300,
  answers: PodProgram["answers"] = [],
): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const script = `require("./operations/typescript.cjs");
    const { KubeConfig } = require("@kubernetes/client-node");
    const { impatient } = require("./operations/cluster/kubeconfig.ts");
    const { runInPod } = require("./operations/cluster/run-in-pod.ts");
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: "a", server: process.argv[1], skipTLSVerify: true }, { name: "a" });
    runInPod(impatient(config, 1000), { namespace: "a", name: "pod", container: "c", node: "n" }, JSON.parse(process.argv[2]), "kubectl")
      .then((run) => console.log(JSON.stringify(run)), ({ message }) => console.log(message));`;
  const { port } = server.address() as AddressInfo;
  // It ends by itself: nothing that is open keeps it.
  const { stdout } = await execa(
    process.execPath,
    [
      "--eval",
      script,
      `http://127.0.0.1:${port}`,
      JSON.stringify({ command: ["sleep"], answers, timeoutMs }),
    ],
    {
      cwd: repository,
    },
  );
  return stdout;
}

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
  expect(await answer(server, 20_000)).toBe("the connection to pod ended before sleep did");
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
