import type { KubeConfig } from "@kubernetes/client-node";
import * as http from "node:http";
import * as https from "node:https";
import { timed } from "../terminal/timing";
import { ApiError, statusCode } from "./api-error";

/** How long what says who asks is used: of some clusters it is outdated after minutes, and made anew by a program. */
const freshMs = 60_000;

/** For questions to which somebody waits for the answer: a server that does not answer is given up after 5 s. */
export const quickMs = 5000;

/** What says who asks, with the connections that are kept open. */
interface Authenticated {
  readonly since: number;
  readonly asked: Promise<https.RequestOptions>;
}

/**
 * By cluster, and by patience: all who ask the same share connections, and what must be quick, such as renewing a lock, does
 * not queue behind what need not.
 */
const shared = new WeakMap<KubeConfig, Map<number, Authenticated>>();

/**
 * The Kubernetes API as it answers: objects of any kind with every field as it is stored, times as texts.
 *
 * The typed clients of the library drop the fields that they do not know, so that what they read can neither be compared
 * with a manifest nor written back, and make a connection for each request.
 */
export class KubernetesApi {
  /** @param timeoutMs for one request. @default 30000 */
  constructor(
    private readonly connection: KubeConfig,
    private readonly timeoutMs = 30_000,
  ) {}

  /**
   * Reads a path, such as `/api/v1/namespaces/chat`.
   *
   * @throws ApiError when the API server refuses; what Node throws where it does not answer
   */
  public async get<Answer>(path: string, accept = "application/json"): Promise<Answer> {
    return JSON.parse(await this.request("GET", path, { Accept: accept })) as Answer;
  }

  /** Reads a text, such as a log. */
  public text(path: string): Promise<string> {
    return this.request("GET", path, { Accept: "*/*" });
  }

  /** The items of a collection, such as `/api/v1/namespaces/chat/pods`. */
  public async list<Item>(path: string): Promise<readonly Item[]> {
    return (await this.get<{ readonly items: readonly Item[] }>(path)).items;
  }

  /** Like {@link get}; undefined where there is nothing at the path. */
  public async find<Answer>(path: string): Promise<Answer | undefined> {
    try {
      return await this.get<Answer>(path);
    } catch (error) {
      if (statusCode(error) === 404) return undefined;
      throw error;
    }
  }

  /** Makes an object in a collection, such as `/api/v1/namespaces/chat/services`. */
  public create<Answer>(collection: string, object: object): Promise<Answer> {
    return this.send("POST", collection, object);
  }

  /** Puts an object in the place of one that is there; refused where it has changed since it was read. */
  public replace<Answer>(path: string, object: object): Promise<Answer> {
    return this.send("PUT", path, object);
  }

  /** @param options such as `{ preconditions: { resourceVersion } }` */
  public delete(path: string, options: object): Promise<unknown> {
    return this.send("DELETE", path, options);
  }

  /**
   * Changes some fields of an object.
   *
   * @see https://datatracker.ietf.org/doc/html/rfc6902
   */
  public patch(path: string, operations: readonly JsonPatchOperation[]): Promise<unknown> {
    return this.send("PATCH", path, operations, "application/json-patch+json");
  }

  private async send<Answer>(
    method: string,
    path: string,
    body: object,
    type = "application/json",
  ): Promise<Answer> {
    const text = JSON.stringify(body);
    // Node says it by itself, but of a DELETE.
    const length = { "Content-Length": Buffer.byteLength(text) };
    const headers = { Accept: "application/json", "Content-Type": type, ...length };
    const by = method === "DELETE" ? "" : "?fieldManager=llm-platform";
    return JSON.parse(await this.request(method, `${path}${by}`, headers, text)) as Answer;
  }

  private async request(
    method: string,
    path: string,
    headers: http.OutgoingHttpHeaders,
    body?: string,
  ): Promise<string> {
    // Not the socket's own time-out, which begins when there is a connection: a program may say who asks before that.
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), this.timeoutMs);
    try {
      return await Promise.race([
        timed(`cluster: ${method}`, () => this.answer(method, path, headers, patience.signal, body)),
        new Promise<never>((_, reject) => {
          const late = () => reject(new Error(`no answer within ${this.timeoutMs / 1000} s`));
          patience.signal.addEventListener("abort", late);
        }),
      ]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async answer(
    method: string,
    path: string,
    headers: http.OutgoingHttpHeaders,
    signal: AbortSignal,
    body?: string,
  ): Promise<string> {
    const url = new URL((this.connection.getCurrentCluster()?.server ?? "").replace(/\/$/, "") + path);
    const authenticated = await this.authenticated();
    const options = { ...authenticated, signal, method, headers: { ...authenticated.headers, ...headers } };
    return new Promise((resolve, reject) => {
      const request = (url.protocol === "http:" ? http : https).request(url, options, (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece)).on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(pieces).toString();
          const code = response.statusCode ?? 0;
          if (code >= 200 && code < 300) resolve(text);
          else reject(new ApiError(code, `${method} ${path}`, text));
        });
      });
      request.on("error", reject).end(body);
    });
  }

  private authenticated(): Promise<https.RequestOptions> {
    const ask = async (): Promise<https.RequestOptions> => {
      const options: https.RequestOptions = {};
      await this.connection.applyToHTTPSOptions(options);
      // One connection for many requests, instead of a new one for each.
      if (options.agent) Object.assign(options.agent, { keepAlive: true, maxSockets: 8 });
      return options;
    };
    const byPatience = shared.get(this.connection) ?? new Map<number, Authenticated>();
    shared.set(this.connection, byPatience);
    const known = byPatience.get(this.timeoutMs);
    if (known && Date.now() - known.since <= freshMs) return known.asked;
    const asked = ask();
    byPatience.set(this.timeoutMs, { since: Date.now(), asked });
    return asked;
  }
}

/** One step of a JSON patch. */
export interface JsonPatchOperation {
  readonly op: "add" | "remove" | "replace" | "test";
  /** A JSON pointer, such as `/spec/replicas`. */
  readonly path: string;
  /** @default - none, for `remove` */
  readonly value?: unknown;
}
