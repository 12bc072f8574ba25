import type { KubeConfig, V1Lease } from "@kubernetes/client-node";
import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** An API server that has Leases, and counts their versions; one of a name is asked for and never answered for. */
export class Leases {
  public readonly leases = new Map<string, V1Lease>();
  public silent?: string;
  private version = 0;
  private readonly server = http.createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const { method = "", url = "" } = request;
      const body = pieces.length ? (JSON.parse(Buffer.concat(pieces).toString()) as V1Lease) : undefined;
      const name = /leases\/([^?]+)/.exec(url)?.[1] ?? body?.metadata?.name ?? "";
      if (name === this.silent) return;
      const found = this.leases.get(name);
      if (method === "POST" || method === "PUT") this.put(name, body as V1Lease);
      if (method === "DELETE") this.leases.delete(name);
      const answer = this.leases.get(name) ?? found;
      response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer ?? {}));
    });
  });

  public put(name: string, lease: V1Lease): void {
    const metadata = { ...lease.metadata, name, resourceVersion: String(++this.version) };
    this.leases.set(name, { ...lease, metadata });
  }

  public listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Where it is. */
  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The lock of an environment of its own. */
  public lock(environment: string) {
    const connection = {
      getCurrentCluster: () => ({ server: this.url }),
      applyToHTTPSOptions: async () => undefined,
    } as unknown as KubeConfig;
    return { connection, namespace: "default", environment };
  }
}
