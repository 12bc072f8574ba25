import * as http from "node:http";
import type { AddressInfo } from "node:net";

export interface Text {
  readonly id: number;
  readonly number: number;
  body: string;
  title?: string;
  state: string;
  labels: readonly string[];
  readonly user: { readonly type: string };
}

/** One request, as GitHub would log it. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
}

/**
 * An HTTP server that answers what GitHub's API answers, as far as the workflows ask: comments, issues, pull requests and
 * artifacts of the repository `acme/platform`.
 *
 * @see https://docs.github.com/en/rest
 */
export class GitHubServer {
  public comments: Text[] = [];
  public issues: Text[] = [];
  /** The newest commit of pull request 7. */
  public head = "";
  /** Pull requests that a commit came by. */
  public pulls: unknown[] = [];
  public artifacts: unknown[] = [];
  public readonly requests: Request[] = [];
  /** What every request that writes is refused with. Default: nothing is refused. */
  public refuseWrites?: number;
  private readonly server = http.createServer((request, response) => void this.handle(request, response));

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public get variables(): NodeJS.ProcessEnv {
    return {
      GITHUB_API_URL: this.url,
      GITHUB_REPOSITORY: "acme/platform",
      GITHUB_TOKEN: "token-of-the-test",
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_RUN_ID: "42",
    };
  }

  public start(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  public stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  public comment(body: string, type = "Bot"): Text {
    return add(this.comments, body, type);
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const given = (text ? JSON.parse(text) : {}) as Partial<Text>;
    const { pathname, searchParams } = new URL(request.url ?? "", this.url);
    const method = request.method ?? "";
    this.requests.push({ method, path: pathname, authorization: request.headers.authorization ?? "" });
    const [status, answer] =
      this.refuseWrites && method !== "GET"
        ? [this.refuseWrites, { message: "Resource not accessible by integration" }]
        : this.answer(`${method} ${pathname.replace("/repos/acme/platform", "")}`, searchParams, given);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  }

  private answer(asked: string, query: URLSearchParams, given: Partial<Text>): [number, unknown] {
    const [, id = ""] = /(\d+)$/.exec(asked) ?? [];
    const first = (query.get("page") ?? "1") === "1";
    if (asked === "GET /pulls/7") return [200, { number: 7, head: { sha: this.head } }];
    if (asked === "GET /issues/7/comments") return [200, first ? this.comments : []];
    if (asked === "POST /issues/7/comments") return [201, add(this.comments, given.body ?? "", "Bot")];
    if (/^PATCH \/issues\/comments\/\d+$/.test(asked)) return changed(this.comments, id, given);
    if (asked === "GET /issues") {
      const wanted = this.issues.filter(
        ({ state, labels }) => state === query.get("state") && labels.includes(query.get("labels") ?? ""),
      );
      return [200, first ? wanted : []];
    }
    if (asked === "POST /issues") return [201, Object.assign(add(this.issues, "", "Bot"), given)];
    if (/^PATCH \/issues\/\d+$/.test(asked)) return changed(this.issues, id, given);
    if (/^GET \/commits\/\w+\/pulls$/.test(asked)) return [200, this.pulls];
    if (asked === "GET /actions/artifacts") {
      return [200, { total_count: this.artifacts.length, artifacts: this.artifacts }];
    }
    return [404, { message: "Not Found" }];
  }
}

function add(texts: Text[], body: string, type: string): Text {
  const number = texts.length + 1;
  const text: Text = { id: number, number, body, state: "open", labels: [], user: { type } };
  texts.push(text);
  return text;
}

function changed(texts: Text[], id: string, given: Partial<Text>): [number, unknown] {
  const text = texts.find(({ number }) => String(number) === id);
  return text ? [200, Object.assign(text, given)] : [404, { message: "Not Found" }];
}
