import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import type { SandboxPorts } from "../../operations/sandbox/sandbox-directory";
import type { Clone } from "../clone";
import { temporaryDirectory } from "../unit/sample-repository";
import { cloneWithCluster } from "./cluster";
import { type Registry, registry } from "./registry";

jest.setTimeout(60_000);

let clone: Clone;
let server: string;
let models: Registry;

beforeAll(async () => {
  clone = await cloneWithCluster();
  const { ports } = JSON.parse(clone.read(".sandbox/sandbox.json")) as { ports: SandboxPorts };
  server = `127.0.0.1:${ports.ollama}`;
  models = await registry((url, response) => {
    const answers: { readonly [model: string]: readonly [status: number, text: string] } = {
      locked: [403, "access denied"],
      broken: [500, "internal error"],
    };
    const found = answers[/^\/v2\/library\/(\w+)\//.exec(url)?.[1] ?? ""];
    if (!found) return false;
    response.writeHead(found[0]).end(found[1]);
    return true;
  });
}, 120_000);

afterAll(async () => {
  await models?.close();
  await clone?.remove();
}, 30_000);

/** What the Job of the release does, on this machine: the real server answers it. */
async function run({ pull = [], insecure = [], make = {} }: Partial<Models>, at = server) {
  const folder = temporaryDirectory();
  const write = (file: string, lines: readonly string[]) =>
    fs.writeFileSync(path.join(folder, file), lines.map((line) => `${line}\n`).join(""));
  write("pull", pull);
  write("insecure", insecure);
  write(
    "make",
    Object.keys(make).map((model, i) => `${i}.modelfile ${model}`),
  );
  Object.values(make).forEach((text, i) => write(`${i}.modelfile`, [text]));
  const { exitCode, all } = await execa(
    "bash",
    [path.join(clone.root, "applications/ollama/models.sh"), at, folder],
    {
      ...{ all: true, reject: false },
      env: { PATH: `${clone.file(".sandbox/bin")}:${process.env.PATH}`, HOME: folder },
    },
  );
  return { exitCode, output: all };
}

interface Models {
  readonly pull: readonly string[];
  readonly insecure: readonly string[];
  readonly make: { readonly [model: string]: string };
}

test("what the server has is not asked for again", async () => {
  expect(await run({ pull: ["tiny:latest"] })).toEqual({ exitCode: 0, output: "tiny:latest: is there" });
});

test("a model is pulled from its registry, and how much of it is there is told on the way", async () => {
  const model = `${models.name}/library/tiny:latest`;
  const { exitCode, output } = await run({ insecure: [model] });
  expect(output).toMatch(new RegExp(`^${model}: \\d+ % of 3 MB(, \\d+ MB/s)?$`, "m"));
  expect(output?.split("\n").at(-1)).toBe(`${model}: is there`);
  expect(exitCode).toBe(0);
  const before = models.asked.length;
  // What is made of it asks for nothing either.
  expect(await run({ insecure: [model], make: { "copy:latest": `FROM ${model}` } })).toEqual({
    exitCode: 0,
    output: `${model}: is there\ncopy:latest: is made`,
  });
  expect(models.asked).toHaveLength(before);
});

test("a model is made of its Modelfile, as often as is wanted", async () => {
  const make = { "helper:v1": "FROM tiny\nSYSTEM Be brief.\nTEMPLATE {{ .Prompt }}" };
  for (let times = 0; times < 2; times++) {
    expect(await run({ make })).toEqual({ exitCode: 0, output: "helper:v1: is made" });
  }
  const { modelfile } = (await (
    await fetch(`http://${server}/api/show`, {
      method: "POST",
      body: JSON.stringify({ model: "helper:v1" }),
    })
  ).json()) as { modelfile: string };
  expect(modelfile).toContain("SYSTEM Be brief.");
  expect(await run({ make: { "Helper:v1": "FROM tiny" } })).toEqual({
    exitCode: 1,
    output:
      "Helper:v1 is made, and Ollama does not list it under this name: npm run verify says what it lists",
  });
});

test("what fails for good ends at once, with the model and what was said", async () => {
  const failed = async (model: string) => {
    const { exitCode, output = "" } = await run({ insecure: ["tiny:latest", model], pull: [] });
    expect(exitCode).toBe(1);
    const [first, ...rest] = output.split("\n");
    expect(first).toBe("tiny:latest: is there");
    return rest.join("\n");
  };
  const missing = `${models.name}/library/nosuch:7b`;
  expect(await failed(missing)).toBe(`${missing} does not exist: pull model manifest: file does not exist`);
  const locked = `${models.name}/library/locked:7b`;
  expect(await failed(locked)).toBe(
    `${locked} is not given out without credentials: pull model manifest: 403: access denied`,
  );
});

test("what may go by is tried again, and then given up with the model and what was said", async () => {
  const broken = `${models.name}/library/broken:7b`;
  const { exitCode, output } = await run({ insecure: [broken] });
  expect(output).toMatch(new RegExp(`^${broken} cannot be pulled: .*500`));
  expect(exitCode).toBe(1);
  expect(models.asked.filter((url) => url.includes("/broken/")).length).toBeGreaterThan(1);
});

test("a Modelfile of a model that is not there is told with the name of what it was to be", async () => {
  const { exitCode, output } = await run({
    make: { helper: `FROM ${models.name}/library/nosuch:7b` },
  });
  expect(exitCode).toBe(1);
  expect(output).toMatch(/^helper cannot be made of its Modelfile: /);
});
