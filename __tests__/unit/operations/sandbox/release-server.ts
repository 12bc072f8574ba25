import { createHash } from "node:crypto";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { Header } from "tar";
import { components, type ComponentName } from "../../../../operations/sandbox/components";
import {
  type ReleaseFile,
  releaseFile,
  type ReleaseServers,
} from "../../../../operations/sandbox/release-servers";

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** The release servers of all projects, on this machine, with programs that are a line of text. */
export class ReleaseServer {
  /** Paths, in the order in which they were asked for. */
  public readonly asked: string[] = [];
  private readonly answers = new Map<string, Answer>();
  private readonly server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    this.asked.push(pathname);
    const answer = this.answers.get(pathname);
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });

  /** Starts to serve everything as it should be. */
  public async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.serveAll();
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  public get servers(): ReleaseServers {
    const { port } = this.server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    return {
      kubernetes: `${url}/k8s`,
      helm: `${url}/helm`,
      github: `${url}/github`,
      githubApi: `${url}/api`,
    };
  }

  /** Names of what is released for this machine: on macOS that is not everything. */
  public released(): ComponentName[] {
    return components()
      .map(({ name }) => name)
      .filter((name) => this.file(name) !== undefined);
  }

  /** Answers otherwise for one program's file, or for its checksum. */
  public answer(name: ComponentName, what: "file" | "checksum", answer: Answer): void {
    const file = this.file(name);
    if (!file) throw new Error(`${name} is not released for this machine`);
    this.answers.set(new URL(what === "file" ? file.url : file.checksum.url).pathname, answer);
  }

  /** What is released of a program. */
  public bytes(name: ComponentName): Buffer {
    const program = Buffer.from(`the released ${name}\n`);
    return this.file(name)?.archive
      ? archive({ LICENSE: "text", [`some-folder/${name}`]: program })
      : program;
  }

  private serveAll(): void {
    const checksums = new Map<string, Map<string, string>>();
    for (const name of this.released()) {
      const { url, checksum } = this.file(name) as ReleaseFile;
      const bytes = this.bytes(name);
      this.answer(name, "file", (_, response) => {
        response.writeHead(200, { "content-length": bytes.length }).end(bytes);
      });
      const digest = createHash("sha256").update(bytes).digest("hex");
      const file = url.slice(url.lastIndexOf("/") + 1);
      checksums.set(checksum.url, (checksums.get(checksum.url) ?? new Map()).set(file, digest));
      this.answer(name, "checksum", (_, response) => {
        const known = [...(checksums.get(checksum.url) ?? [])];
        response.end(
          checksum.format === "github"
            ? JSON.stringify({
                assets: known.map(([name, digest]) => ({ name, digest: `sha256:${digest}` })),
              })
            : known.map(([name, digest]) => `${digest}  ./${name}\n`).join(""),
        );
      });
    }
  }

  private file(name: ComponentName): ReleaseFile | undefined {
    const component = components().find((each) => each.name === name);
    return component && releaseFile(component, this.servers, process.platform, process.arch);
  }
}

/** A .tgz. */
export function archive(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const blocks = Object.entries(files).flatMap(([path, content]) => {
    const body = Buffer.from(content);
    const header = new Header({ path, mode: 0o755, size: body.length, type: "File" });
    header.encode();
    return [header.block as Buffer, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
