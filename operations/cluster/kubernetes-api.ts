import { ApiException, type KubeConfig } from "@kubernetes/client-node";
import * as http from "node:http";
import * as https from "node:https";

/**
 * The Kubernetes API as it answers: objects of any kind with every field as it is stored.
 *
 * The typed clients of the library drop the fields that they do not know and make dates of texts, so that what they read
 * can neither be compared with a manifest nor written back.
 */
export class KubernetesApi {
  private options?: Promise<https.RequestOptions>;

  constructor(private readonly connection: KubeConfig) {}

  /**
   * Reads a path, such as `/api/v1/namespaces/ollama`.
   *
   * @throws ApiException when the API server refuses; what Node throws where it does not answer
   */
  public async get<Answer>(path: string, accept = "application/json"): Promise<Answer> {
    return (await this.request("GET", path, { Accept: accept })) as Answer;
  }

  /** Like {@link get}; undefined where there is nothing at the path. */
  public async find<Answer>(path: string): Promise<Answer | undefined> {
    try {
      return await this.get<Answer>(path);
    } catch (error) {
      if (error instanceof ApiException && error.code === 404) return undefined;
      throw error;
    }
  }

  /** Makes an object in a collection, such as `/api/v1/namespaces/ollama/services`. */
  public create(collection: string, object: unknown): Promise<unknown> {
    return this.send("POST", collection, object);
  }

  /** Puts an object in the place of one that is there; refused where it has changed since it was read. */
  public replace(path: string, object: unknown): Promise<unknown> {
    return this.send("PUT", path, object);
  }

  /**
   * Changes some fields of an object.
   *
   * @see https://datatracker.ietf.org/doc/html/rfc6902
   */
  public patch(path: string, operations: readonly JsonPatchOperation[]): Promise<unknown> {
    return this.send("PATCH", path, operations, "application/json-patch+json");
  }

  private send(method: string, path: string, body: unknown, type = "application/json"): Promise<unknown> {
    const headers = { Accept: "application/json", "Content-Type": type };
    return this.request(method, `${path}?fieldManager=llm-platform`, headers, JSON.stringify(body));
  }

  private async request(
    method: string,
    path: string,
    headers: http.OutgoingHttpHeaders,
    body?: string,
  ): Promise<unknown> {
    const url = new URL((this.connection.getCurrentCluster()?.server ?? "").replace(/\/$/, "") + path);
    const authenticated = await (this.options ??= this.authenticated());
    const options = { ...authenticated, method, headers: { ...authenticated.headers, ...headers } };
    return new Promise((resolve, reject) => {
      const request = (url.protocol === "http:" ? http : https).request(url, options, (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece)).on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(pieces).toString();
          const code = response.statusCode ?? 0;
          if (code >= 200 && code < 300) resolve(text === "" ? undefined : JSON.parse(text));
          else reject(new ApiException(code, `${method} ${path}`, text, {}));
        });
      });
      request.setTimeout(30_000, () => request.destroy(new Error("no answer within 30 s")));
      request.on("error", reject).end(body);
    });
  }

  private async authenticated(): Promise<https.RequestOptions> {
    const options: https.RequestOptions = {};
    await this.connection.applyToHTTPSOptions(options);
    // One connection for many requests, instead of a new one for each.
    if (options.agent) Object.assign(options.agent, { keepAlive: true, maxSockets: 8 });
    return options;
  }
}

/** One step of a JSON patch. */
export interface JsonPatchOperation {
  readonly op: "add" | "replace" | "test";
  /** A JSON pointer, such as `/spec/replicas`. */
  readonly path: string;
  readonly value: unknown;
}
