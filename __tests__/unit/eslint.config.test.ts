import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { repository } from "./sample-repository";

// A process takes a second of its own, and more where others keep the machine busy.
jest.setTimeout(60_000);

/** Lints one text as if it were each of the files. In a process of its own: jest cannot load ESLint's configuration. */
async function lint(text: string, files: readonly string[]): Promise<{ [file: string]: string[] }> {
  const program = `
    const { ESLint } = require("eslint");
    const [text, ...files] = process.argv.slice(1);
    const lint = async (file) => (await new ESLint().lintText(text, { filePath: file }))[0].messages.map(({ message }) => message);
    Promise.all(files.map(async (file) => [file, await lint(file)]))
      .then((found) => process.stdout.write(JSON.stringify(Object.fromEntries(found))));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program, text, ...files], {
    cwd: repository,
  });
  return JSON.parse(stdout) as { [file: string]: string[] };
}

test("synth reads variables, the clock and chance nowhere but where settings are loaded", async () => {
  const text = `
    export const now = Date.now();
    export const chance = Math.random();
    export const { env } = process;
    export const home = process.env.HOME;
  `;
  const environment =
    "'process.env' is restricted from being used. only settings/load-settings.ts reads the environment";
  const refused = [
    "'Date.now' is restricted from being used. synth must not depend on the clock",
    "'Math.random' is restricted from being used. synth must not depend on chance",
    environment,
    environment,
  ];
  const files = [
    "settings/values.ts",
    "applications/ollama.ts",
    "stacks/platform.ts",
    "settings/load-settings.ts",
  ];
  expect(await lint(text, files)).toEqual({
    "settings/values.ts": refused,
    "applications/ollama.ts": refused,
    "stacks/platform.ts": refused,
    "settings/load-settings.ts": [],
  });
});

test("an output hands cdktf no bare list or object", async () => {
  const text = `
    import { TerraformOutput, Token } from "cdktf";
    export const outputs = (stack: never) => [
      new TerraformOutput(stack, "list", { value: ["a"] }),
      new TerraformOutput(stack, "object", { value: { a: "b" } }),
      new TerraformOutput(stack, "wrapped", { value: Token.asAny({ value: ["a"] }) }),
      new TerraformOutput(stack, "text", { value: "a" }),
    ];
  `;
  const refused = "wrap the list or the object in Token.asAny";
  expect(await lint(text, ["stacks/platform.ts"])).toEqual({ "stacks/platform.ts": [refused, refused] });
});

test("the name of an application stands in its own module, and in no file that goes through all of them", async () => {
  const text = `
    // Such as helm_release.ollama, and not llamas or myollamas.
    export const openOllama = "the page of LibreChat";
  `;
  const refused = (name: string) =>
    `what the platform knows of ${name} stands in applications/: go through the applications, and take what you need from each; a name that is an ordinary word goes to ordinaryWords in eslint.config.mjs`;
  const everywhere = ["ollama", "Ollama", "LibreChat"].map(refused);
  const allowed = [
    "applications/ollama/questions.ts",
    "contracts/generated/ollama-values.ts",
    "operations/sandbox/model-server.ts",
    "__tests__/unit/main.test.ts",
  ];
  expect(
    await lint(text, ["operations/verify/verify.ts", "policies/rules.ts", "main.ts", ...allowed]),
  ).toEqual({
    "operations/verify/verify.ts": everywhere,
    "policies/rules.ts": everywhere,
    "main.ts": everywhere,
    ...Object.fromEntries(allowed.map((file) => [file, []])),
  });
  const workflow = "jobs:\n  chat:\n    name: deploy librechat: {{ not JavaScript }}\n";
  expect(await lint(workflow, [".github/workflows/deploy.yml"])).toEqual({
    ".github/workflows/deploy.yml": [refused("librechat")],
  });
});

test("an option says what it is where nobody sets it, in the tag that editors show", async () => {
  const text = `
    /** How long to wait. Default: 5 */
    export interface Waiting {
      /** @default 5 */
      readonly waitMs?: number;
      /** Whom to tell. */
      readonly tell?: () => void;
      readonly own?: { readonly inner?: string };
      readonly needed: string;
    }
    /** A spec that says \`default: true\` keeps it. */
    interface Own { readonly text?: string }
    export const own: Own = {};
  `;
  const refused = [
    "write @default VALUE, or @default - in words",
    "say what tell is where nobody sets it: @default VALUE, or @default - in words",
    "say what own is where nobody sets it: @default VALUE, or @default - in words",
  ];
  const file = "operations/verify/get.ts";
  expect(await lint(text, [file, "__tests__/clone.ts"])).toEqual({
    [file]: refused,
    "__tests__/clone.ts": [],
  });
});

test("what people are told names no engine but by its title: it may be OpenTofu", async () => {
  const text = 'export const told = [`${"a"}: Terraform plans`, "Terraform sees none", "terraform"];';
  const refused =
    "the engine may be OpenTofu: say what happens without its name, or with the title of settings/engine.ts";
  expect(await lint(text, ["operations/diff/report.ts", "operations/bench/figure.ts"])).toEqual({
    "operations/diff/report.ts": [refused, refused],
    "operations/bench/figure.ts": [],
  });
});
