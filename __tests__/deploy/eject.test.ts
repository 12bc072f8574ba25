import * as fs from "node:fs";
import { environmentNames } from "../../applications/load-environment";
import { blockText, type Body } from "../../operations/eject/hcl";
import { stacks } from "../../operations/terraform/cdktf";
import { Clone, sentinels } from "../clone";

// What leaves CDKTF: Terraform alone, on the state of a platform that was deployed before.
let clone: Clone;
const credentials = sentinels("e");
jest.setTimeout(300_000);

const terraform = (directory: string, ...args: string[]) =>
  clone.process("terraform", [`-chdir=${directory}`, ...args, "-no-color"], clone.credentialVariables());

const eject = (form: string, directory: string, environment = "sandbox", ...options: string[]) =>
  // A state in S3 asks nobody for credentials.
  clone.npm("eject", [form, directory, ...options, "--environment", environment], {
    AWS_EC2_METADATA_DISABLED: "true",
  });

async function expectDone(run: Promise<{ exitCode: number; output: string }>): Promise<string> {
  const { exitCode, output } = await run;
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  return output;
}

beforeAll(async () => {
  clone = new Clone();
  clone.replace("environments/sandbox.yaml", "onDestroy: delete", "onDestroy: keep");
  clone.writeCredentials(credentials);
  await clone.startCluster();
  await expectDone(clone.npm("deploy", ["--environment", "sandbox", "--yes"]));
});
afterAll(() => clone.remove());

test.each(["hcl", "json"])(
  "a deployed platform as %s has nothing to do, and holds no credential",
  async (form) => {
    const said = await expectDone(eject(form, form));
    expect(fs.readdirSync(clone.file(form))).toEqual(["stacks"]);
    for (const stack of stacks) {
      const directory = clone.file(`${form}/stacks/${stack}`);
      await expectDone(terraform(directory, "init"));
      // The exit code would be 2 for the smallest change, a moved address among them.
      const plan = await expectDone(terraform(directory, "plan", "-detailed-exitcode"));
      expect(plan).toContain("No changes. Your infrastructure matches the configuration.");
      expect(plan).not.toContain("Warning");
    }
    expect(said).toContain(`. ${clone.file("credentials/sandbox.env")} && terraform init && terraform plan`);
    for (const value of Object.values(credentials)) {
      expect(clone.filesWith(value)).toEqual([]);
      expect(clone.filesWith(Buffer.from(value).toString("base64"))).toEqual([]);
    }
  },
);

test("with plain names only addresses move, and then there is nothing to do", async () => {
  await expectDone(eject("hcl", "plain", "sandbox", "--plain-names"));
  // Whatever is tried with it is tried with another state than the platform's.
  for (const stack of stacks) {
    const directory = clone.file(`plain/stacks/${stack}`);
    fs.cpSync(clone.file(`state/sandbox/${stack}.tfstate`), `${directory}/terraform.tfstate`);
    const file = `${directory}/terraform.tf`;
    fs.writeFileSync(
      file,
      fs.readFileSync(file, "utf8").replace(/path *= ".*"/, 'path = "terraform.tfstate"'),
    );
    await expectDone(terraform(directory, "init"));
    const moved = await expectDone(terraform(directory, "apply", "-auto-approve"));
    expect(moved).toMatch(/No changes\.|Resources: 0 added, 0 changed, 0 destroyed/);
    expect(await expectDone(terraform(directory, "plan", "-detailed-exitcode"))).toContain("No changes.");
    expect(fs.readFileSync(`${directory}/terraform.tfstate`, "utf8")).not.toMatch(
      /"name": "\w+_[0-9A-F]{8}"/,
    );
  }
});

test("fails where the directory holds something, and writes nothing", async () => {
  fs.mkdirSync(clone.file("used"));
  fs.writeFileSync(clone.file("used/mine.tf"), "");
  const { exitCode, output } = await eject("hcl", "used");
  expect(output).toContain(`${clone.file("used")}: holds something, and nothing is written over`);
  expect(exitCode).toBe(1);
  expect(fs.readdirSync(clone.file("used"))).toEqual(["mine.tf"]);
});

test("every environment is valid and in Terraform's own style, also where somebody else fills the Secrets", async () => {
  fs.cpSync(clone.file("environments/sandbox.yaml"), clone.file("environments/managed.yaml"));
  clone.replace(
    "environments/managed.yaml",
    "applications:\n",
    "credentials: { source: secret }\n\napplications:\n",
  );
  for (const environment of environmentNames(clone.root)) {
    const said = await expectDone(eject("hcl", `valid/${environment}`, environment));
    const isDeployed = ["sandbox", "managed"].includes(environment);
    expect(said.includes("no revision of a credential was found")).toBe(!isDeployed);
    for (const stack of stacks) {
      const directory = clone.file(`valid/${environment}/stacks/${stack}`);
      await expectDone(terraform(directory, "fmt", "-check", "-diff"));
      await expectDone(terraform(directory, "init", "-backend=false"));
      await expectDone(terraform(directory, "validate"));
    }
  }
});

test("a text is in HCL what it is in JSON, to the last letter", async () => {
  const texts = [
    'say "hi" \\ \\n ${1 + 1} and $${NAME} %%{ if } 100 %',
    '${join("}", ["a", "${"b"}"])} and more',
    "two\nlines",
    "\nan empty line\n\n  and one that is indented\n",
    "  all\n  indented\n",
    'server=$${1%:*}\n"quoted" \\ $${#3} ${"x"}\n\n',
    "a line\r\nof Windows\tand a tab",
    "EOT\nEOT\n",
  ];
  const output: Body = Object.fromEntries(
    texts.map((value, index) => [`text_${index}`, { value: { in: [value], [`k${index}`]: value } }]),
  );
  const hcl = Object.entries(output).map(([name, body]) => blockText(["output", name], body as Body, {}));
  const files = { "hcl/main.tf": hcl.join("\n"), "json/main.tf.json": JSON.stringify({ output }) };
  const outputs: string[] = [];
  for (const [file, text] of Object.entries(files)) {
    const directory = clone.file(`texts/${file.slice(0, file.indexOf("/"))}`);
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(clone.file(`texts/${file}`), text);
    await expectDone(terraform(directory, "apply", "-auto-approve"));
    outputs.push(await expectDone(terraform(directory, "output", "-json")));
  }
  expect(outputs[0]).toBe(outputs[1]);
});
