import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tinyModel } from "../../operations/sandbox/tiny-model";

/** A registry of models on this machine, as Ollama asks one. */
export interface Registry {
  /** Such as `127.0.0.1:5000`. */
  readonly name: string;
  /** Paths that were asked for, in their order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

const kinds = {
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  model: "application/vnd.ollama.image.model",
};

/**
 * Serves the sandbox's tiny model under `library/tiny`, and whatever else a test wants.
 *
 * @param respond answers a request itself, and says so. @default - only the model is there
 * @see https://distribution.github.io/distribution/spec/api/
 */
export async function registry(
  respond: (path: string, response: ServerResponse) => boolean = () => false,
): Promise<Registry> {
  const blobs = new Map<string, Buffer>();
  const stored = (mediaType: string, content: Buffer) => {
    const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
    blobs.set(digest, content);
    return { mediaType, digest, size: content.length };
  };
  // What is behind the model in its file is not read: it makes it large enough to be told of.
  const model = stored(kinds.model, Buffer.concat([tinyModel(), Buffer.alloc(3_000_000)]));
  const config = stored(
    kinds.config,
    Buffer.from(JSON.stringify({ model_format: "gguf", model_family: "llama", model_type: "tiny" })),
  );
  const manifest = { schemaVersion: 2, mediaType: kinds.manifest, config, layers: [model] };
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { url = "", method, headers } = request;
    asked.push(url);
    if (respond(url, response)) return;
    const blob = blobs.get(url.split("/").at(-1) ?? "");
    if (url.startsWith("/v2/library/tiny/manifests/")) {
      response.setHeader("content-type", kinds.manifest).end(JSON.stringify(manifest));
    } else if (blob && method === "GET" && url.startsWith("/v2/")) {
      // As the real one, it keeps the blobs at another host.
      const { port } = server.address() as AddressInfo;
      response.writeHead(307, { location: `http://localhost:${port}/blobs/${url.split("/").at(-1)}` }).end();
    } else if (blob) {
      const [, from = "0", to = `${blob.length - 1}`] =
        /^bytes=(\d+)-(\d+)?$/.exec(headers.range ?? "") ?? [];
      const part = blob.subarray(Number(from), Number(to) + 1);
      response.writeHead(headers.range ? 206 : 200, { "content-length": part.length });
      response.end(method === "HEAD" ? undefined : part);
    } else {
      response.writeHead(404, { "content-type": "application/json" });
      response.end(JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    name: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
