import * as fs from "node:fs";
import { Clone } from "../clone";
import { expectDocumented } from "../documented";

// Two Ollamas, one on a GPU and one without, and LibreChat that offers both, where data is kept as it is everywhere else than on
// the sandbox. Each test begins where the one before it ended.
let clone: Clone;

jest.setTimeout(300_000);

const environment = "environments/sandbox.yaml";
const small = "  small:\n    application: ollama\n    models: [tiny]\n    gpu: { count: 0 }\n";
const sandbox = (...args: string[]): string[] => ["--environment", "sandbox", ...args];
const deploy = (variables: NodeJS.ProcessEnv = {}) => clone.npm("deploy", sandbox("--yes"), variables);

async function deployed(variables: NodeJS.ProcessEnv = {}): Promise<string> {
  const { exitCode, output } = await deploy(variables);
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  return output;
}

/** The releases that Helm has, by `namespace/name`. */
async function releases(): Promise<{ [release: string]: string }> {
  const { stdout } = await clone.helm("list", "--all", "--all-namespaces", "--output", "json");
  const found = JSON.parse(stdout) as { name: string; namespace: string; status: string }[];
  return Object.fromEntries(found.map(({ name, namespace, status }) => [`${namespace}/${name}`, status]));
}

/** Without line breaks and Terraform's frame, which stand anywhere. */
const flat = (output: string): string => output.replace(/[│╷╵\s]+/g, " ");

const three = {
  "librechat/librechat": "deployed",
  "ollama/ollama": "deployed",
  "small/small": "deployed",
};

let atFirst: { [claim: string]: string };

beforeAll(async () => {
  clone = new Clone();
  clone.replace(environment, "\nstorage:\n  onDestroy: delete\n", "");
  clone.replace(environment, "  librechat:\n", `${small}  librechat:\n`);
  await clone.npm("secrets", ["generate", ...sandbox()]);
  await clone.startCluster();
  await clone.kubectl("label", "nodes", "--all", "held-by=nobody");
  await deployed();
  atFirst = await clone.claims();
}, 600_000);

afterAll(() => clone.remove());

test("LibreChat comes after both Ollamas and offers both, and each has a claim of its own", async () => {
  expect(await releases()).toEqual(three);
  expect(Object.keys(atFirst).sort()).toEqual([
    "librechat/database",
    "librechat/images",
    "librechat/search",
    "librechat/uploads",
    "ollama/models",
    "small/models",
  ]);
  const config = await clone
    .get("configmap", "librechat-config", "--namespace", "librechat")
    .catch(() => clone.get("configmap", "librechat-librechat-config", "--namespace", "librechat"));
  const text = JSON.stringify(config.data);
  expect(text).toContain("http://ollama.ollama.svc.cluster.local:11434");
  expect(text).toContain("http://small-ollama.small.svc.cluster.local:11434");
});

test("a release that fails leaves those that do not need it deployed, says who was not reached, and the next deploy goes on", async () => {
  fs.writeFileSync(clone.file("values/small.yaml"), "nodeSelector: { held-by: somebody }\n");
  clone.timeOut("small", 5);
  clone.replace("values/ollama.yaml", "memory: 8Gi", "memory: 7Gi");
  clone.replace("values/librechat.yaml", "(via Terraform)", "(changed)");
  const { exitCode, output } = await deploy();
  expect(exitCode).toBe(1);
  expect(output).toMatch(/^ollama: ready after/m);
  expect(output).toContain("  release small did not become ready in time:\n");
  expect(output).toContain("\n  release librechat was not reached: it needs small\n");
  expectDocumented(
    "not-reached",
    "npm run deploy -- --yes",
    output,
    clone.root,
    /^ {2}release librechat was not reached.*$/m,
  );
  expect(await releases()).toEqual({ ...three, "small/small": "failed" });
  expect((await clone.history("librechat")).length).toBe(1);

  fs.writeFileSync(clone.file("values/small.yaml"), "nodeSelector: { held-by: nobody }\n");
  clone.timeOut("small");
  await deployed();
  expect(await releases()).toEqual(three);
  expect((await clone.history("librechat")).length).toBe(2);
});

test("fails, and loses nothing, where a release is moved, or taken out of the environment, with npm run as with bare cdktf", async () => {
  const elsewhere = small.replace("small:\n", "small:\n    namespace: elsewhere\n");
  clone.replace(environment, small, elsewhere);
  const moved = await deploy();
  expect([moved.exitCode, flat(moved.output)]).toEqual([
    1,
    expect.stringContaining("data would be lost: what is in the namespace small"),
  ]);
  clone.replace(environment, elsewhere, "");
  fs.rmSync(clone.file("values/small.yaml"));
  const { exitCode, output } = await deploy();
  expect(exitCode).toBe(1);
  expect(flat(output)).toContain(
    "data would be lost: what is in the namespace small, which is of no release that environments/sandbox.yaml has any more.",
  );
  expect(flat(output)).toContain("leave the release (small) there, with installed: false");
  expect(flat(output)).toContain("give that one namespace: small");
  expectDocumented(
    "release-removed",
    "npm run deploy -- --yes",
    output,
    clone.root,
    /^foundation could[\s\S]*/m,
  );
  expect((await clone.npm("diff", sandbox())).exitCode).toBe(1);
  const bare = await clone.cdktf(["deploy", "*", "--auto-approve"]);
  expect(bare.exitCode).toBe(1);
  const why = await clone.cdktf(["diff", "foundation"]);
  expect(flat(why.output)).toContain("data would be lost: what is in the namespace small");
  expect(await clone.claims()).toEqual(atFirst);
  expect(await releases()).toEqual(three);
});

test("what is not installed leaves its namespace and its claim", async () => {
  clone.replace(environment, "  librechat:\n", `${small}    installed: false\n  librechat:\n`);
  const output = await deployed();
  expect(output).toMatch(/^small: taken away after/m);
  expect(output).not.toMatch(/small: \d+ of \d+ pods ready/);
  expect(await clone.claims()).toEqual(atFirst);
  expect(Object.keys(await releases()).sort()).toEqual(["librechat/librechat", "ollama/ollama"]);
  expect((await clone.npm("diff", sandbox())).output).toMatch(/nothing differs$/);
});

test("a release of another name has the data of its namespace", async () => {
  clone.replace(environment, "    installed: false\n", "");
  await deployed();
  expect(await releases()).toEqual(three);
  clone.replace(environment, "  small:\n    application", "  mini:\n    namespace: small\n    application");
  const output = await deployed();
  // The old one gives its GPU, its quota and its volume up before the new one comes.
  expect(output).toMatch(/^small: taken away after[\s\S]*^mini: ready after/m);
  expect(await clone.claims()).toEqual(atFirst);
  expect(Object.keys(await releases()).sort()).toEqual([
    "librechat/librechat",
    "ollama/ollama",
    "small/mini",
  ]);
});

test("a release that moves takes no data along: it is refused, and its old place is kept by what is not installed", async () => {
  clone.replace(environment, "    namespace: small\n", "    namespace: elsewhere\n");
  const { exitCode, output } = await deploy();
  expect(exitCode).toBe(1);
  expect(flat(output)).toContain("data would be lost: what is in the namespace small");
  expect(await clone.claims()).toEqual(atFirst);

  const old = small.replace("small:\n", "old:\n    namespace: small\n    installed: false\n");
  clone.replace(environment, "  librechat:\n", `${old}  librechat:\n`);
  const moved = await deployed();
  expect(moved).toMatch(/^mini: taken away after[\s\S]*^mini: ready after/m);
  const { "elsewhere/models": made, ...others } = await clone.claims();
  expect(made).toBeDefined();
  expect(others).toEqual(atFirst);
  clone.replace(environment, old, "");
});

test("a release that is taken out with its data is gone, with its namespace, and does not hang", async () => {
  clone.replace(environment, small.replace("small:\n", "mini:\n    namespace: elsewhere\n"), "");
  const output = await deployed({ DELETE_DATA: "sandbox" });
  expect(output).toMatch(/^mini: taken away after/m);
  expect(Object.keys(await releases()).sort()).toEqual(["librechat/librechat", "ollama/ollama"]);
  const namespaces = (await clone.list("namespaces")).map(({ metadata }) => metadata.name);
  expect(namespaces.filter((name) => ["small", "elsewhere"].includes(name))).toEqual([]);
  const { "small/models": gone, ...left } = atFirst;
  expect(gone).toBeDefined();
  expect(await clone.claims()).toEqual(left);
  // What keeps the data of the others is there again.
  await deployed();
  expect((await clone.npm("diff", sandbox())).output).toMatch(/nothing differs$/);
});
