import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import execa from "execa";
import { InterruptedError } from "../../../../operations/errors/interrupted-error";
import { COMPONENT_NAMES, type ComponentName, components } from "../../../../operations/sandbox/components";
import {
  findPrograms,
  programsOf,
  providePrograms,
  type ProvideProgramsProps,
} from "../../../../operations/sandbox/programs";
import { archive, ReleaseServer } from "./release-server";

const work = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-programs-")));
let server: ReleaseServer;
let bin: string;
let props: ProvideProgramsProps;
let notes: string[];

// A stand-in for Go, whose compiling is a line of text and a line in a log: the real one takes minutes.
const go = `case "$1" in
  version) echo go version go1.26.0 linux/amd64;;
  env) echo;;
  build)
    for package; do :; done
    while [ "$1" != -o ]; do shift; done
    echo "\${2##*/}" >> "$HOME/compiled"
    echo "compiled from $package" > "$2";;
esac`;

beforeEach(async () => {
  server = new ReleaseServer();
  await server.start();
  const home = fs.mkdtempSync(path.join(work, "home-"));
  bin = path.join(home, "bin");
  fs.mkdirSync(bin);
  onPath("go", go);
  notes = [];
  props = {
    cacheDirectory: path.join(home, "cache"),
    environment: { PATH: bin, HOME: home },
    servers: server.servers,
    onNote: (line) => notes.push(line),
  };
});

afterEach(() => server.stop());
afterAll(() => fs.rmSync(work, { recursive: true, force: true }));

function onPath(name: string, script: string): void {
  // By its whole name: nothing else is on PATH.
  fs.writeFileSync(path.join(bin, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`, { mode: 0o755 });
}

/** Names of what the stand-in compiled, in its order. */
function compiled(): string[] {
  const log = path.join(props.environment.HOME ?? "", "compiled");
  return fs.existsSync(log) ? fs.readFileSync(log, "utf8").trim().split("\n") : [];
}

function unfinished(): string[] {
  return fs.readdirSync(props.cacheDirectory).filter((name) => name.startsWith("."));
}

const without = (...names: ComponentName[]) => COMPONENT_NAMES.filter((name) => !names.includes(name));

describe("where the release servers answer", () => {
  test("everything that is released is downloaded, and only the rest is compiled", async () => {
    const programs = await providePrograms(props);
    const released = server.released();
    expect(released).toContain("helm");
    for (const name of released) {
      expect(fs.readFileSync(programs[name], "utf8")).toBe(`the released ${name}\n`);
      expect(fs.statSync(programs[name]).mode & 0o111).toBe(0o111);
    }
    expect(compiled()).toEqual(without(...released));
    expect(notes).toEqual([]);
    expect(unfinished()).toEqual([]);
  });

  test("they are asked for each file once, and not again", async () => {
    await providePrograms(props);
    expect(new Set(server.asked).size).toBe(server.asked.length);
    const { length } = server.asked;
    await providePrograms(props);
    expect(server.asked).toHaveLength(length);
  });

  test("it says how much of how much has arrived", async () => {
    const said: [string, string?][] = [];
    await providePrograms({ ...props, onProgress: (...progress) => said.push(progress) });
    const last = said.filter(([detail]) => detail.startsWith("downloading")).at(-1);
    // Some bytes of more than none: a line of text each.
    expect(last).toEqual([`downloading ${server.released().length} of them: 0 of 1 MB`, "downloading 4"]);
  });

  test("clones that need them at the same time download them once", async () => {
    const [one, two] = await Promise.all([providePrograms(props), providePrograms(props)]);
    expect(one).toEqual(two);
    expect(new Set(server.asked).size).toBe(server.asked.length);
  });
});

describe("what is not as it was published is compiled, and said in one line:", () => {
  const cases: [string, ComponentName, () => void, RegExp][] = [
    [
      "other bytes",
      "kubectl",
      () => server.answer("kubectl", "file", (_, response) => void response.end("something else")),
      /its checksum [0-9a-f]{12}… is not the published [0-9a-f]{12}…/,
    ],
    [
      "an archive of other bytes",
      "helm",
      () => server.answer("helm", "file", (_, response) => void response.end(archive({ "a/helm": "evil" }))),
      /its checksum [0-9a-f]{12}… is not the published/,
    ],
    [
      "half a file",
      "kubectl",
      () =>
        server.answer("kubectl", "file", (_, response) => {
          const bytes = server.bytes("kubectl");
          response.writeHead(200, { "content-length": bytes.length });
          response.write(bytes.subarray(0, 5), () => response.destroy());
        }),
      /its answer was cut off/,
    ],
    [
      "half an archive, which says nothing of its length",
      "helm",
      () =>
        server.answer(
          "helm",
          "file",
          (_, response) => void response.end(server.bytes("helm").subarray(0, 60)),
        ),
      /its checksum .* is not the published/,
    ],
    [
      "a file that stops to arrive",
      "kubectl",
      () =>
        server.answer("kubectl", "file", (_, response) => {
          response.writeHead(200, { "content-length": 1000 });
          response.write("the first of it");
        }),
      /its answer stopped/,
    ],
    [
      "a file that is not there",
      "helm",
      () => server.answer("helm", "file", (_, response) => void response.writeHead(404).end()),
      /answered 404 for \/helm\/helm-v/,
    ],
    [
      "a checksum that is not there",
      "helm",
      () => server.answer("helm", "checksum", (_, response) => void response.writeHead(404).end()),
      /answered 404 for \/helm\/helm-v.*\.sha256sum/,
    ],
    [
      "a checksum of nothing",
      "kubectl",
      () => server.answer("kubectl", "checksum", (_, response) => void response.end("<html>")),
      /no checksum is published for it/,
    ],
  ];

  test.each(cases)("%s (%s)", async (_, name, spoil, reason) => {
    spoil();
    const programs = await providePrograms({ ...props, timeouts: { pauseMs: 300 } });
    expect(compiled()).toEqual(without(...server.released().filter((each) => each !== name)));
    expect(fs.readFileSync(programs[name], "utf8")).toMatch(/^compiled from /);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(reason);
    expect(notes[0]).toMatch(
      new RegExp(`^not downloaded, and compiled instead: ${name} \\(127\\.0\\.0\\.1:\\d+: `),
    );
    expect(notes[0]).not.toContain("\n");
    expect(unfinished()).toEqual([]);
  });

  test("what GitHub has no digest of, as of files older than June 2025", async () => {
    server.answer("kwok", "checksum", (_, response) => {
      const assets = ["kwok", "kwokctl"].map((name) => ({
        name: `${name}-${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`,
        digest: null,
      }));
      response.end(JSON.stringify({ assets }));
    });
    await providePrograms(props);
    expect(compiled()).toEqual(expect.arrayContaining(["kwok", "kwokctl"]));
    expect(notes).toEqual([
      expect.stringMatching(/: kwok, kwokctl \(127.*: no checksum is published for it\)$/),
    ]);
  });

  test("an archive that does not hold the program", async () => {
    const bytes = archive({ "linux/other": "text", "helm/other": "text" });
    const digest = createHash("sha256").update(bytes).digest("hex");
    server.answer("helm", "file", (_, response) => void response.end(bytes));
    server.answer("helm", "checksum", (_, response) => void response.end(digest));
    await providePrograms(props);
    expect(compiled()).toContain("helm");
    expect(notes).toEqual([expect.stringMatching(/there is no helm in it/)]);
  });
});

describe("where no server answers", () => {
  test("everything is compiled, after one line", async () => {
    await server.stop();
    await providePrograms(props);
    expect(compiled()).toEqual([...COMPONENT_NAMES]);
    expect(notes).toEqual([expect.stringMatching(/^not downloaded.*: ECONNREFUSED\)$/)]);
    await server.start();
  });

  test("a server that takes a connection and says nothing is waited for once", async () => {
    const waiting = new Set<string>();
    const hang = (request: http.IncomingMessage): void => void waiting.add(request.url ?? "");
    for (const name of server.released()) server.answer(name, "checksum", hang);
    await providePrograms({ ...props, timeouts: { answerMs: 300 } });
    expect(compiled()).toEqual([...COMPONENT_NAMES]);
    expect(notes).toEqual([expect.stringMatching(/: no answer in 0.3 s\)$/)]);
    // All at once, and none of them again.
    expect(server.asked).toHaveLength(waiting.size);
  });

  test("without Go it says what is missing and why it is needed", async () => {
    server.answer("helm", "file", (_, response) => void response.end("something else"));
    fs.rmSync(path.join(bin, "go"));
    await expect(providePrograms(props)).rejects.toThrow(
      /compiled with Go 1\.\d+\.0 or newer, and there is no `go` on PATH: .*minikube.*; not downloaded: helm \(.*checksum.*HTTPS_PROXY/,
    );
  });
});

describe("a proxy", () => {
  let proxy: http.Server;
  let address: string;
  const through: string[] = [];

  beforeEach(async () => {
    through.length = 0;
    proxy = http.createServer((_, response) => void response.writeHead(502).end());
    proxy.on("connect", (request, socket) => {
      through.push(request.url ?? "");
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    proxy.closeAllConnections();
    return new Promise((resolve) => proxy.close(resolve));
  });

  test.each(["HTTP_PROXY", "http_proxy"])("in %s is asked for everything", async (name) => {
    await providePrograms({ ...props, environment: { ...props.environment, [name]: address } });
    expect(through.length).toBeGreaterThan(0);
    expect(server.asked).toEqual([]);
    expect(compiled()).toEqual([...COMPONENT_NAMES]);
  });

  test("is passed by where NO_PROXY names the server", async () => {
    const environment = { ...props.environment, HTTP_PROXY: address, NO_PROXY: "127.0.0.1" };
    await providePrograms({ ...props, environment });
    expect(through).toEqual([]);
    expect(compiled()).toEqual(without(...server.released()));
  });
});

describe("SANDBOX_PROGRAMS", () => {
  test("compile asks no server, and takes nothing that was downloaded or is on PATH", async () => {
    await providePrograms(props);
    server.asked.length = 0;
    fs.rmSync(path.join(props.environment.HOME ?? "", "compiled"), { force: true });
    const before = compiled();
    await providePrograms({ ...props, source: "compile" });
    expect(before).toEqual([]);
    expect(compiled()).toEqual(server.released());
    expect(server.asked).toEqual([]);
  });

  test("download fails instead of compiling, and says what failed and what to do", async () => {
    server.answer("helm", "file", (_, response) => void response.end("something else"));
    await expect(providePrograms({ ...props, source: "download" })).rejects.toThrow(
      /^SANDBOX_PROGRAMS is download.*helm \(127.*checksum.*HTTPS_PROXY.*unset SANDBOX_PROGRAMS/,
    );
    expect(compiled()).toEqual([]);
  });

  test.each(["compile", "download"])("can be %s", (source) => {
    expect(programsOf({ HOME: "/home/a", SANDBOX_PROGRAMS: source })).toMatchObject({ source });
  });

  test("can be unset or empty", () => {
    expect(programsOf({ HOME: "/home/a" }).source).toBeUndefined();
    expect(programsOf({ HOME: "/home/a", SANDBOX_PROGRAMS: "" }).source).toBeUndefined();
  });

  test("cannot be anything else", () => {
    expect(() => programsOf({ HOME: "/home/a", SANDBOX_PROGRAMS: "build" })).toThrow(
      'SANDBOX_PROGRAMS: found "build" (allowed: compile, download;',
    );
  });
});

describe("compiling", () => {
  beforeEach(() => {
    props = { ...props, source: "compile" };
  });

  test("fails with a Go that is too old, naming the version that was found", async () => {
    onPath("go", "echo go version go1.21.3 linux/amd64");
    await expect(providePrograms(props)).rejects.toThrow(
      /Go 1\.\d+\.0 or newer, and .*go is Go 1\.21\.3: install a newer Go.*minikube/,
    );
  });

  test("takes a development build of Go, which says no version", async () => {
    onPath("go", go.replace("go version go1.26.0", "go version devel go"));
    await providePrograms(props);
    expect(compiled()).toEqual([...COMPONENT_NAMES]);
  });

  test("fails without a C compiler, naming an installed Ollama as a way out", async () => {
    onPath("go", go.replace("env) echo;;", "env) echo no-such-cc; echo no-such-cxx;;"));
    await expect(providePrograms(props)).rejects.toThrow(
      /`no-such-cc` is not on PATH.*an `ollama` on PATH is used instead/,
    );
  });

  test("fails with Go's own words and the setting for a mirror when a module cannot be downloaded", async () => {
    onPath(
      "go",
      go.replace(
        /build\)[^]*;;/,
        "build) echo 'go: example.org/x: dial tcp: lookup proxy.example: no such host' >&2; exit 1;;",
      ),
    );
    await expect(providePrograms(props)).rejects.toThrow(
      /etcd could not be compiled; .*GOPROXY[^]*no such host/,
    );
    expect(unfinished()).toEqual([]);
  });

  test("says which program it compiles, beside a spinner and its title in 80 columns", async () => {
    const said: string[] = [];
    await providePrograms({ ...props, onProgress: (detail) => said.push(detail) });
    expect(said.slice(0, 2)).toEqual(["compiling etcd, 1 of 9", "compiling kube-apiserver, 2 of 9"]);
    expect(Math.max(...said.map((line) => `- programs: ${line}`.length))).toBeLessThan(80);
  });

  test("clones that need them at the same time compile each once", async () => {
    const [one, two] = await Promise.all([providePrograms(props), providePrograms(props)]);
    expect(one).toEqual(two);
    expect(compiled()).toEqual([...COMPONENT_NAMES]);
    expect(unfinished()).toEqual([]);
  });
});

describe("stopped", () => {
  test("while it compiles, Go and its compilers end, and the next run goes on where it was", async () => {
    const pids = path.join(bin, "pids");
    onPath(
      "go",
      go.replace(
        "build)",
        () => `build)
          case "$*" in *cmd/kubectl*) sh -c 'echo $PPID $$ > "${pids}.new"; mv "${pids}.new" "${pids}"; exec sleep 600';; esac`,
      ),
    );
    const stop = new AbortController();
    const run = providePrograms({ ...props, source: "compile", signal: stop.signal });
    run.catch(() => undefined);
    await existing(pids);
    stop.abort();
    await expect(run).rejects.toThrow(InterruptedError);
    await expect(run).rejects.toThrow(
      "stopped: 4 of the sandbox's 9 programs are here, and stay; the next run goes on where this one was",
    );
    for (const pid of fs.readFileSync(pids, "utf8").trim().split(" ")) {
      // One that has ended may still be waited for by whoever is responsible for it.
      expect(execa.sync("ps", ["-o", "stat=", "-p", pid], { reject: false }).stdout).toMatch(/^(Z.*)?$/);
    }
    expect(unfinished()).toEqual([]);

    onPath("go", go);
    await providePrograms({ ...props, source: "compile" });
    expect(compiled()).toEqual([...COMPONENT_NAMES]);
  });

  test("while it downloads, nothing half is left, and what had arrived is not asked for again", async () => {
    const stop = new AbortController();
    server.answer("helm", "file", (_, response) => {
      response.writeHead(200, { "content-length": 1_000_000 });
      // The last quarter of what there is stays out.
      response.write(Buffer.alloc(900_000));
    });
    const run = providePrograms({
      ...props,
      signal: stop.signal,
      onProgress: (_, stage) => {
        if (stage === "downloading 3") stop.abort();
      },
    });
    await expect(run).rejects.toThrow(InterruptedError);
    expect(unfinished()).toEqual([]);
    expect(compiled()).toEqual([]);
  });

  test("before it began, it does nothing", async () => {
    const run = providePrograms({ ...props, signal: AbortSignal.abort() });
    await expect(run).rejects.toThrow(/^stopped: 0 of the sandbox's 9 programs are here/);
    expect(compiled()).toEqual([]);
  });
});

test("what is here is found without a process", async () => {
  await providePrograms(props);
  // Whoever asked it would wait for ever.
  for (const name of ["go", "kubectl", "helm", "etcd", "ollama"]) onPath(name, "sleep 600");
  expect(findPrograms(props)).toEqual(await providePrograms(props));
});

test("nothing is found while one is missing", async () => {
  const programs = await providePrograms(props);
  fs.rmSync(path.dirname(programs["kube-scheduler"]), { recursive: true });
  expect(findPrograms(props)).toBeUndefined();
});

test("every version that go.mod pins is a whole one", () => {
  for (const { version } of components()) expect(version).toMatch(/^v\d+\.\d+\.\d+$/);
});

async function existing(file: string): Promise<void> {
  if (fs.existsSync(file)) return;
  await new Promise<void>((resolve) => {
    const watcher = fs.watch(path.dirname(file), () => {
      if (!fs.existsSync(file)) return;
      watcher.close();
      resolve();
    });
  });
}
