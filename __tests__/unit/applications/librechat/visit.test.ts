import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { loadEnvironment } from "../../../../applications/load-environment";
import type { PodProgram, PodRun } from "../../../../applications/pod-program";
import { releasesOf } from "../../../../applications/releases";
import { deployedRelease } from "../../../../operations/verify/deployed-release";
import programs from "../../../fixtures/librechat/user-programs.json";
// What LibreChat v0.8.7 answered to a visit, and to some that failed. In the place of its Meilisearch another server answered it.
import recording from "../../../fixtures/librechat/visit.json";
import { repository } from "../../sample-repository";

interface Recorded {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly cookies?: readonly string[];
}

const { refused, ...recorded } = recording;
const answers = recorded as { readonly [path: string]: Recorded };
const conversation = "00000000-0000-4000-8000-000000000001";
const stream = `/api/agents/chat/stream/${conversation}`;
const title = `/api/convos/gen_title/${conversation}`;

const ended = (stdout = "", exitCode = 0): PodRun => ({ exitCode, stdout, stderr: "" });

/** What a program of the pod writes, by a word of its command. */
type Programs = { readonly [word: string]: PodRun };

const wellPrograms: Programs = {
  "create-user": programs.created,
  "delete-user": programs.deleted,
  rmSync: ended(),
  SEARCH: ended("true\n"),
  statfsSync: ended('{"free":1000000,"total":2000000}'),
  grep: ended(),
};

interface VisitProps {
  /** By path, in the place of what was recorded. */
  readonly answers?: { readonly [path: string]: Recorded };
  readonly programs?: Programs;
  readonly fileSearch?: boolean;
}

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A visit to a server that answers as LibreChat did, what came of each question, and all that was sent and run. */
async function visit({
  answers: others = {},
  programs: otherPrograms = {},
  fileSearch = false,
}: VisitProps = {}) {
  const requests: {
    readonly path: string;
    readonly headers: http.IncomingHttpHeaders;
    readonly body: string;
  }[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("latin1");
      const path = request.url ?? "";
      requests.push({ path, headers: request.headers, body });
      // The word of a visit is random.
      const word = /verify[0-9a-f]{16}/.exec(requests.map((one) => one.body).join("\n"))?.[0] ?? "";
      const found = [others, answers].flatMap(
        (some) => some[path.replace(/verify[0-9a-f]{16}/, "verifyWORD")] ?? [],
      )[0];
      const {
        status,
        type,
        text,
        cookies = [],
      } = found ?? { status: 404, type: "text/html", text: "no such path" };
      response.writeHead(status, { "content-type": type, "set-cookie": [...cookies] });
      response.end(text.replaceAll("verifyWORD", word));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const environment = loadEnvironment(repository, "minikube-cpu");
  const release = releasesOf(environment).find(({ name }) => name === "librechat");
  if (!release) throw new Error("no release");
  const ran: PodProgram[] = [];
  const run = (program: PodProgram): Promise<PodRun> => {
    ran.push(program);
    const all = { ...wellPrograms, ...otherPrograms };
    const word = Object.keys(all).find((one) => program.command.join(" ").includes(one));
    return Promise.resolve(all[word ?? ""] ?? ended("", 127));
  };
  const deployed = deployedRelease({
    release,
    endpoint: { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    pod: {
      pod: { name: "librechat-0", namespace: "librechat", container: "librechat", node: "node" },
      simulated: false,
      run,
      forward: () => Promise.reject(new Error("not here")),
    },
    kubectl: "kubectl",
  });
  const own = {
    ...release.own,
    features: { ...(release.own as { features?: object }).features, fileSearch },
  };
  const come = release.application.visit?.({ ...release, own });
  if (!come) throw new Error("nobody visits it");
  const found: { [question: string]: string } = {};
  const ask = async ({ name, ask: put }: (typeof come)["arrive"]): Promise<boolean> => {
    const { result, found: what, fix } = await put(deployed);
    found[name] = `${result}: ${what}${fix ? ` → ${fix}` : ""}`;
    return result === "passed";
  };
  const arrived = await ask(come.arrive);
  for (const question of arrived ? come.questions : []) await ask(question);
  await ask(come.leave);
  return { found, requests, ran };
}

test("somebody new logs in, is answered, uploads, searches, and is deleted", async () => {
  const { found } = await visit();
  expect(found).toEqual({
    login: "passed: somebody new was made, and is logged in",
    "first message": "passed: qwen2.5:0.5b of ollama, which the page chooses for somebody new, answered",
    title: "passed: the conversation has one",
    document: "passed: it comes back as it was",
    image: "passed: it is shown",
    search: "passed: the message is found",
    "leaves nothing": "passed: who was made is deleted, with conversation and files",
  });
});

test("the message is what the page sends, by a browser's name and with the login of who was made", async () => {
  const { requests, ran } = await visit();
  const sent = requests.find(({ path }) => path === "/api/agents/chat/ollama");
  expect(JSON.parse(sent?.body ?? "")).toMatchObject({
    endpoint: "ollama",
    endpointType: "custom",
    model: "qwen2.5:0.5b",
    spec: "qwen2.5:0.5b",
    temperature: 0.7,
    conversationId: null,
  });
  expect(sent?.headers).toMatchObject({
    authorization: "Bearer token",
    cookie: "refreshToken=token; token_provider=librechat",
    "user-agent": expect.stringContaining("Chrome/") as string,
  });
  // The password is told to the program that makes the user, and to the login; no argument has it.
  const login = JSON.parse(requests.find(({ path }) => path === "/api/auth/login")?.body ?? "") as {
    password: string;
  };
  expect(ran[0]?.answers).toEqual([{ asked: "Password:", line: login.password }]);
  for (const { command } of ran) expect(command.join(" ")).not.toContain(login.password);
});

const config = (more: object): Recorded => {
  const known = JSON.parse(answers["/api/config"]?.text ?? "") as { [key: string]: unknown };
  return { ...(answers["/api/config"] as Recorded), text: JSON.stringify({ ...known, ...more }) };
};

test.each([
  [{ emailLoginEnabled: false, openidLoginEnabled: true }, "OpenID"],
  [{ emailLoginEnabled: false }, "another service"],
  [{ ldap: { enabled: true } }, "LDAP"],
])("nobody is made where %j", async (more, by) => {
  const { found, ran } = await visit({ answers: { "/api/config": config(more) } });
  expect(found).toEqual({
    login: `not checked: users log in through ${by} alone: nobody can be made for this`,
    "leaves nothing": "not checked: nobody was made",
  });
  expect(ran).toEqual([]);
});

test("closed registration is in nobody's way: LibreChat's own program makes a user", async () => {
  const { found } = await visit({ answers: { "/api/config": config({ registrationEnabled: false }) } });
  expect(found["first message"]).toMatch(/^passed/);
});

const json = (value: unknown): Recorded => ({
  status: 200,
  type: "application/json",
  text: JSON.stringify(value),
});
const agentsFirst = json({ agents: { order: 0 }, ollama: { order: 1, type: "custom" } });
const anotherModel = {
  ...(answers[stream] as Recorded),
  text: (answers[stream]?.text ?? "").replaceAll('"model":"qwen2.5:0.5b"', '"model":"tiny:latest"'),
};
const silent = {
  ...(answers[stream] as Recorded),
  text: (answers[stream]?.text ?? "").replace(
    /\{"type":"text","text":"[^"]*"\}\],"tokenCount"/,
    `],"tokenCount"`,
  ),
};
const specOf = (model: string) => ({
  prioritize: true,
  list: [{ name: "a", preset: { endpoint: "ollama", model } }],
});

const chosen = "failed: qwen2.5:0.5b of ollama, which the page chooses for somebody new,";

test.each<[string, { readonly [path: string]: Recorded }, string]>([
  [
    "the page lands at agents",
    { "/api/config": config({ modelSpecs: undefined }), "/api/endpoints": agentsFirst },
    "failed: the page, which has no model spec to choose, lands somebody new at agents, where no message can be sent before one is made → look at",
  ],
  [
    "the model of the page is not there",
    { "/api/config": config({ modelSpecs: specOf("llama2") }) },
    "failed: the model spec a lands somebody new at the model llama2, which ollama does not list (it lists ",
  ],
  [
    "LibreChat knows no such model",
    { [stream]: refused["no such model"] },
    `${chosen} did not answer: LibreChat knows no such model (ollama, nosuch:latest)`,
  ],
  [
    "Ollama is away",
    { [stream]: refused["ollama away"] },
    `${chosen} did not answer: An error occurred while processing the request: Connection error.`,
  ],
  ["another model answers", { [stream]: anotherModel }, `${chosen} was asked, and tiny:latest answered`],
  ["nothing is written", { [stream]: silent }, `${chosen} answered nothing`],
  [
    "the answer is cut off",
    { [stream]: { status: 200, type: "text/event-stream", text: "" } },
    `${chosen} did not answer: the answer ended before it was complete`,
  ],
  [
    "the message is refused",
    { "/api/agents/chat/ollama": refused.agents },
    `${chosen} is not asked: /api/agents/chat/ollama answers 403: Forbidden: Insufficient permissions`,
  ],
])(
  "fails where %s; what does not rest on it is asked, and who was made is deleted",
  async (_, others, message) => {
    const { found } = await visit({ answers: others });
    expect(found["first message"]).toContain(message);
    expect(found).toMatchObject({
      title: "not checked: no message was answered",
      document: "passed: it comes back as it was",
      search: "not checked: no message was answered",
      "leaves nothing": expect.stringMatching(/^passed/) as string,
    });
  },
);

test("an answer that may still be written is stopped before its user is deleted", async () => {
  const { requests } = await visit({
    answers: { [stream]: { status: 200, type: "text/event-stream", text: "" } },
  });
  expect(requests.at(-1)).toMatchObject({
    path: "/api/agents/chat/abort",
    body: JSON.stringify({ conversationId: conversation }),
  });
});

test("a full volume is told from one that cannot be written, and from what else refuses a file", async () => {
  const upload = { "/api/files": refused.upload, "/api/files/images": refused.upload };
  const failing = async (volume: string) => {
    const { document, image } = (await visit({ answers: upload, programs: { statfsSync: ended(volume) } }))
      .found;
    return [document, image];
  };
  expect(await failing('{"free":0,"total":8192}')).toEqual([
    "failed: it is answered 500: An unknown error occurred.: the volume of /app/uploads is full (8192 bytes) → raise applications.librechat.storage.uploads, or delete users that nobody needs: npm run users -- delete",
    expect.stringContaining("the volume of /app/client/public/images is full") as string,
  ]);
  expect((await failing('{"free":1,"total":2,"fault":"EACCES"}'))[0]).toContain(
    "/app/uploads cannot be written: EACCES",
  );
  expect((await failing('{"free":1,"total":2}'))[0]).toBe(
    "failed: it is answered 500: An unknown error occurred. → kubectl --namespace librechat logs svc/librechat-librechat",
  );
});

test("fails for a document that comes back changed, and for an image that is not shown", async () => {
  const changed = { [`/api/files/download/6b0000000000000000000001/FILE`]: json("another") };
  const hidden = {
    "/images/6b0000000000000000000001/FILE.png": { status: 401, type: "text/html", text: "Unauthorized" },
  };
  const { found } = await visit({ answers: { ...changed, ...hidden } });
  expect(found.document).toContain("failed: it comes back changed");
  expect(found.image).toContain("failed: it was taken, and showing it is answered 401: Unauthorized");
});

test("a search that is off is not checked, and fails where it is on and Meilisearch is away", async () => {
  const off = { "/api/search/enable": { ...json(false), text: "false" } };
  expect((await visit({ answers: off, programs: { SEARCH: ended("false\n") } })).found.search).toBe(
    "not checked: it is off (SEARCH)",
  );
  expect((await visit({ answers: off })).found.search).toContain(
    "failed: SEARCH is on, and its Meilisearch does not answer",
  );
});

test("no title is a fault where the configuration asks for one", async () => {
  const none = { answers: { [title]: refused.title } };
  expect((await visit(none)).found.title).toContain("failed: the conversation has none");
  expect((await visit({ ...none, programs: { grep: ended("", 1) } })).found.title).toBe(
    "not checked: no endpoint makes any (titleConvo)",
  );
});

test("a missing embedding model is told from a RAG API that is away", async () => {
  const asked = async (said: string) =>
    (
      await visit({
        fileSearch: true,
        answers: { "/api/files": refused["upload for search"] },
        programs: { RAG_API_URL: ended(said) },
      })
    ).found["file search"];
  expect(
    await asked(
      'http://rag/embed answers 500: {"detail":"model \\"nomic-embed-text\\" not found, try pulling it first"}',
    ),
  ).toContain("failed: Ollama does not have nomic-embed-text, by which the RAG API embeds documents");
  expect(await asked("http://rag does not answer: ECONNREFUSED")).toContain(
    "failed: a document for the search in files is answered 500: Error processing file; the RAG API: http://rag does not answer: ECONNREFUSED",
  );
});

test("fails where nobody can be made, or who was made cannot log in", async () => {
  expect(
    (
      await visit({
        programs: { "create-user": programs.refused, "delete-user": programs["nobody to delete"] },
      })
    ).found,
  ).toEqual({
    login: expect.stringMatching(/^failed: verify-\w+@example\.com: no user was made: password: /) as string,
    "leaves nothing": "not checked: nobody was made",
  });
  const { found } = await visit({ answers: { "/api/auth/login": refused.login } });
  expect(found).toEqual({
    login: expect.stringContaining("failed: /api/auth/login answers 404: Incorrect password.") as string,
    "leaves nothing": expect.stringMatching(/^passed/) as string,
  });
});

test("who could not be deleted is named, with the command that does it", async () => {
  const { found } = await visit({ programs: { "delete-user": ended("", 137) } });
  expect(found["leaves nothing"]).toMatch(
    /^failed: (verify-\w+@example\.com): was not deleted: .* → npm run users -- delete \1$/,
  );
  // Who is gone cannot be deleted once more.
  const left = await visit({ programs: { rmSync: ended("Error: EACCES: permission denied", 1) } });
  expect(left.found["leaves nothing"]).toMatch(
    /^failed: verify-\w+@example\.com: is deleted, and what it uploaded is not: .* → see why, then delete in its pod/,
  );
});
