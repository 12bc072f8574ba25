import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { terraformInitialized } from "../../../../operations/terraform/terraform";

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "terraform-"));
  fs.mkdirSync(path.join(root, "cdktf.out", "sandbox", "stacks", "foundation", ".terraform"), {
    recursive: true,
  });
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

/** What was run of a Terraform that says what it says to programs as long as its directory is not prepared. */
async function planned(lacking: string): Promise<string[]> {
  const said = path.join(root, "said");
  fs.writeFileSync(said, lacking);
  const program = path.join(root, "terraform");
  const script = `#!/bin/sh
echo "$1" >> ${root}/runs
[ "$1" = init ] && touch ${root}/prepared
[ -f ${root}/prepared ] && exit 0
cat ${said} >&2
exit 1
`;
  fs.writeFileSync(program, script, { mode: 0o755 });
  const variables = { PATH: process.env.PATH, TERRAFORM_BINARY_NAME: program };
  await terraformInitialized(
    { root, environment: { name: "sandbox", engine: "terraform", state: { backend: "local" } }, variables },
    "foundation",
    ["plan"],
  );
  return fs.readFileSync(path.join(root, "runs"), "utf8").trim().split("\n");
}

test.each([
  [
    "no provider, as after a first run without a network",
    "Error: Required plugins are not installed\n\n  - registry.terraform.io/hashicorp/helm: there is no package for registry.terraform.io/hashicorp/helm 3.1.1 cached in .terraform/providers\n\nYou must install the required plugins before running\nTerraform operations.",
  ],
  [
    "another backend",
    'Error: Backend initialization required\n\nPlease run\n"terraform init" with either the "-reconfigure" flag',
  ],
  [
    "a command that the width of a page cut in two",
    "Error: Module not installed\n\nRun terraform\ninit to install it",
  ],
])("a directory with %s is prepared, and then planned", async (_what, lacking) => {
  expect(await planned(lacking)).toEqual(["plan", "init", "plan"]);
});

test("a fault of the plan itself prepares nothing", async () => {
  expect(await planned("Error: Instance cannot be destroyed")).toEqual(["plan"]);
});
