import { spawn } from "node:child_process";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { accept } from "../cluster/accept-websocket";

interface StoredObject {
  metadata: {
    name?: string;
    generateName?: string;
    labels?: { [label: string]: string };
    ownerReferences?: object[];
  };
  spec?: { replicas?: number; nodeName?: string; suspend?: boolean };
  status?: object;
}

interface Operation {
  readonly path: string;
  readonly value: unknown;
}

/** What Kubernetes would run a program in. */
export interface Container {
  /** Where it runs, absolute. */
  readonly directory: string;
  readonly variables: NodeJS.ProcessEnv;
}

/**
 * An API server that keeps objects in memory, and whose pods are ready at once. What is executed in one runs on this machine, in
 * a directory, with its streams through the same WebSocket as a kubelet's.
 */
export class StandInCluster {
  public readonly objects = new Map<string, StoredObject>();
  /** What was asked that changes something: method and path. */
  public readonly changes: string[] = [];
  private readonly server = http.createServer((request, response) => void this.answer(request, response));

  public constructor(private readonly container: () => Container) {
    this.server.on("upgrade", (request, socket: Duplex) => this.execute(request, socket));
  }

  public async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://cluster");
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString();
    const body: unknown = text ? JSON.parse(text) : undefined;
    const { method = "GET" } = request;
    if (method !== "GET" && !/lease|configmap/.test(pathname)) this.changes.push(`${method} ${pathname}`);
    const found = this.respond(method, pathname, searchParams, body);
    response.writeHead(found ? 200 : 404, { "Content-Type": "application/json" });
    response.end(JSON.stringify(found ?? { message: `${pathname} not found` }));
  }

  private respond(method: string, path: string, query: URLSearchParams, body: unknown): unknown {
    const [deployment, scale] = path.split("/scale");
    if (method === "GET") return this.objects.get(path) ?? this.listed(path, query);
    if (method === "DELETE") return this.objects.delete(path) ? {} : undefined;
    if (method === "PUT") {
      this.objects.set(path, body as StoredObject);
      return body;
    }
    if (method === "PATCH" && scale !== undefined) {
      const [{ value = 0 } = {}] = body as { readonly value?: number }[];
      return this.scale(deployment ?? "", value);
    }
    if (method === "PATCH") return this.patch(path, body as readonly Operation[]);
    const object = body as StoredObject;
    const name = object.metadata.name ?? `${object.metadata.generateName}x7k2q`;
    const stored = { ...object, metadata: { ...object.metadata, name } };
    this.objects.set(`${path}/${name}`, path.endsWith("/pods") ? running(stored) : stored);
    return stored;
  }

  /** Of a collection: its path has a name for each kind, but for the last. */
  private listed(path: string, query: URLSearchParams): unknown {
    const isCollection = path.replace(/^\/(api|apis\/[^/]+)\/[^/]+\//, "").split("/").length % 2 === 1;
    if (!isCollection) return undefined;
    const labels = (query.get("labelSelector") ?? "").split(",").filter(Boolean);
    const items = [...this.objects].filter(
      ([key, { metadata }]) =>
        key.startsWith(`${path}/`) &&
        labels.every((label) => {
          const [name = "", value] = label.split("=");
          return metadata.labels?.[name] === value;
        }),
    );
    return { items: items.map(([, object]) => object) };
  }

  /** Of fields of the spec. */
  private patch(path: string, operations: readonly Operation[]): unknown {
    const found = this.objects.get(path);
    if (!found) return undefined;
    const fields = operations.map(({ path: at, value }) => [at.replace("/spec/", ""), value]);
    this.objects.set(path, { ...found, spec: { ...found.spec, ...Object.fromEntries(fields) } });
    return {};
  }

  /** Its one pod comes and goes with it. */
  private scale(path: string, replicas: number): unknown {
    const deployment = this.objects.get(path);
    if (!deployment) return undefined;
    this.objects.set(path, { ...deployment, spec: { ...deployment.spec, replicas } });
    const pods = path.replace("/apis/apps/v1", "/api/v1").replace("deployments", "pods");
    const { labels } = deployment.metadata;
    if (replicas === 0) this.objects.delete(pods);
    else this.objects.set(pods, running({ metadata: { name: "web", labels } }));
    return {};
  }

  private execute(request: http.IncomingMessage, socket: Duplex): void {
    accept(request, socket);
    const [program = "", ...args] = new URL(request.url ?? "", "http://cluster").searchParams.getAll(
      "command",
    );
    const { directory: cwd, variables: env } = this.container();
    const child = spawn(program, args, { cwd, env, detached: true });
    const end = (): void => {
      try {
        process.kill(-(child.pid ?? 0), "SIGKILL");
      } catch {
        // It has ended.
      }
    };
    // Node's servers leave their half open.
    socket
      .on("error", end)
      .on("close", end)
      .on("end", () => socket.destroy());
    const send = (channel: number) => (data: Buffer) => {
      for (let at = 0; at < data.length; at += 32_768) {
        socket.write(frame(channel, data.subarray(at, at + 32_768)));
      }
    };
    child.stdout.on("data", send(1));
    child.stderr.on("data", send(2));
    child.stdin.on("error", () => undefined);
    child.on("close", (code) => {
      const causes = [{ reason: "ExitCode", message: String(code) }];
      const status = code ? { status: "Failure", details: { causes } } : { status: "Success" };
      socket.end(frame(3, Buffer.from(JSON.stringify(status))));
    });
    let received = Buffer.alloc(0);
    socket.on("data", (data: Buffer) => {
      received = Buffer.concat([received, data]);
      for (let message = unmasked(received); message; message = unmasked(received)) {
        received = received.subarray(message.length);
        // The first byte is the channel: standard input alone.
        if (message.opcode === 2) child.stdin.write(message.payload.subarray(1));
      }
    });
  }
}

function running(pod: StoredObject): StoredObject {
  const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  return { ...pod, spec: { ...pod.spec, nodeName: "node" }, status };
}

/** One message of the server: a channel, and what comes on it. */
function frame(channel: number, data: Buffer): Buffer {
  const length = data.length + 1;
  return Buffer.concat([Buffer.from([0x82, 126, length >> 8, length & 255, channel]), data]);
}

/** The first message of a client, where all of it has come. */
function unmasked(
  data: Buffer,
): { readonly opcode: number; readonly payload: Buffer; readonly length: number } | undefined {
  if (data.length < 2) return undefined;
  const short = (data[1] ?? 0) & 127;
  const extended = { 126: 2, 127: 8 }[short] ?? 0;
  if (data.length < 2 + extended + 4) return undefined;
  const size = extended ? data.readUIntBE(2 + Math.max(extended - 6, 0), Math.min(extended, 6)) : short;
  const start = 2 + extended + 4;
  if (data.length < start + size) return undefined;
  const mask = data.subarray(start - 4, start);
  const payload = Buffer.from(data.subarray(start, start + size).map((byte, i) => byte ^ (mask[i % 4] ?? 0)));
  return { opcode: (data[0] ?? 0) & 15, payload, length: start + size };
}
