import * as fs from "node:fs";
import * as path from "node:path";
import { defaultCacheDirectory, programsOf, providePrograms } from "../../operations/sandbox/programs";
import { removeSandbox, startSandbox } from "../../operations/sandbox/sandbox";
import { Clone } from "../clone";

// Every command of the README, in its order. A cluster that stands in for minikube is the sandbox, under the context's name
// minikube in a home directory of its own; the program minikube and sudo are the only ones that are not run.
let clone: Clone;
const readme = fs.readFileSync(path.join(__dirname, "..", "..", "README.md"), "utf8");

interface Block {
  readonly heading: string;
  readonly script: string;
}

const blocks = commandBlocks(readme);
jest.setTimeout(180_000);

afterAll(async () => {
  await removeSandbox({ directory: clone.file("home/cluster") });
  await clone.remove();
});

function commandBlocks(markdown: string): Block[] {
  let heading = "";
  const found: Block[] = [];
  for (const [, title, indent = "", body = ""] of markdown.matchAll(
    /^#+ (.*)$|^( *)```bash\n([\s\S]*?)^ *```$/gm,
  )) {
    if (title) heading = title;
    else found.push({ heading, script: body.replaceAll(new RegExp(`^${indent}`, "gm"), "") });
  }
  return found;
}

function blocksOf(heading: string): Block[] {
  const found = blocks.filter((block) => block.heading === heading);
  if (!found.length) throw new Error(`README.md has no commands under "${heading}"`);
  return found;
}

/** Runs a block as a shell would, stopping at the first command that fails. */
function run({ script }: Block): Promise<{ exitCode: number; output: string }> {
  return clone.process("bash", ["-euo", "pipefail", "-c", script], {
    HOME: clone.file("home"),
    XDG_CACHE_HOME: path.dirname(path.dirname(defaultCacheDirectory(process.env))),
    PATH: [clone.file("home/bin"), process.env.PATH].join(":"),
  });
}

/** A program that notes how it was called. */
function standIn(name: string, script: string): void {
  fs.writeFileSync(
    clone.file(`home/bin/${name}`),
    `#!/bin/sh\necho "$@" >> "$HOME/${name}.calls"\n${script}\n`,
    {
      mode: 0o755,
    },
  );
}

beforeAll(() => {
  clone = new Clone();
  fs.mkdirSync(clone.file("home/bin"), { recursive: true });
  fs.mkdirSync(clone.file("home/.kube"), { recursive: true });
  standIn("minikube", 'if [ "$1" = ip ]; then echo 127.0.0.1; fi');
  standIn("sudo", "cat >/dev/null");
  fs.symlinkSync(process.env.KUBECTL ?? "", clone.file("home/bin/kubectl"));
  fs.symlinkSync(process.env.HELM ?? "", clone.file("home/bin/helm"));
});

test("no command of the README is left out here", () => {
  expect([...new Set(blocks.map(({ heading }) => heading))]).toEqual([
    "Try it",
    "minikube with a GPU, step by step",
    "Environments",
    "Commands",
    "In CI",
  ]);
});

describe("Try it", () => {
  test("the three commands are those that CI and a newcomer run", () => {
    expect(blocksOf("Try it").map(({ script }) => script.trim())).toEqual([
      "npm start",
      "npm run up",
      "npm test",
      "npm run down",
    ]);
    expect(clone.read(".ci/run")).toMatch(/^npm test$/m);
  });

  // npm test is what runs this.
  test.each(blocksOf("Try it").filter(({ script }) => script.trim() !== "npm test"))(
    "$script",
    async (block) => {
      const { exitCode, output } = await run(block);
      expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
    },
  );
});

describe("minikube with a GPU, step by step", () => {
  beforeAll(async () => {
    const binaries = await providePrograms(programsOf(process.env));
    const { kubeconfig } = await startSandbox({
      directory: clone.file("home/cluster"),
      binaries,
      models: ["llama2", "codellama"],
    });
    const text = fs
      .readFileSync(kubeconfig, "utf8")
      .replace(/(name|current-context): sandbox$/gm, "$1: minikube");
    fs.writeFileSync(
      clone.file("home/.kube/config"),
      text.replace(/(cluster|user): sandbox$/gm, "$1: minikube"),
      {
        mode: 0o600,
      },
    );
  });

  test.each(blocksOf("minikube with a GPU, step by step"))("$script", async (block) => {
    const { exitCode, output } = await run(block);
    expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
    // The first chat is a real answer.
    if (block.script.includes("api/generate")) expect(output).toMatch(/"response":".+"/);
  });

  test("minikube was asked for what the issue of GPUs and policies needs", () => {
    expect(clone.read("home/minikube.calls")).toContain(
      "start --driver docker --container-runtime docker --gpus all --cni calico",
    );
    expect(clone.read("home/sudo.calls")).toContain("tee -a /etc/hosts");
  });
});

describe.each(["Environments", "Commands", "In CI"])("%s", (heading) => {
  test.each(blocksOf(heading))("$script", async (block) => {
    const { exitCode, output } = await run(block);
    expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  });
});

test("every npm script that the README names exists", () => {
  const { scripts } = JSON.parse(clone.read("package.json")) as { scripts: { [name: string]: string } };
  const named = [...readme.matchAll(/npm run (?:--silent )?([a-z]+)|npm (start|test)\b/g)].map(
    ([, run, short]) => run ?? short ?? "",
  );
  expect(named.filter((name) => !scripts[name])).toEqual([]);
});

test("every folder and file of the table of folders exists, and no folder is left out of it", () => {
  const table = readme.slice(readme.indexOf("## Folders"), readme.indexOf("## The state of CDKTF"));
  const named = [...table.matchAll(/`([\w./]+?)\/?`/g)].map(([, name = ""]) => name);
  expect(named.filter((name) => !fs.existsSync(clone.file(name)))).toEqual([]);
  const folders = fs
    .readdirSync(clone.root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .filter((name) => !["node_modules", "cdktf.out", "state", "credentials", "home"].includes(name));
  expect(folders.filter((name) => !named.includes(name))).toEqual([]);
});
