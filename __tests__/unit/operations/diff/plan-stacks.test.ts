import * as fs from "node:fs";
import * as path from "node:path";
import { loadSettings } from "../../../../applications/load-settings";
import { planStacks } from "../../../../operations/diff/plan-stacks";
import { repository, temporaryDirectory } from "../../sample-repository";

/** Plans with a program that ends as Terraform does where nothing differs. */
function planned(script: string) {
  const root = temporaryDirectory();
  fs.mkdirSync(path.join(root, "cdktf.out/sandbox/stacks/foundation"), { recursive: true });
  fs.writeFileSync(path.join(root, "cdktf.out/sandbox/stacks/foundation/cdk.tf.json"), "{}");
  const program = path.join(root, "program");
  fs.writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const { environment } = loadSettings(repository, { ENVIRONMENT: "sandbox" });
  const variables = { PATH: process.env.PATH, TERRAFORM_BINARY_NAME: program };
  return planStacks({ root, environment, variables }, environment, ["foundation"]);
}

test("a program that is something else does not have it said that nothing differs", async () => {
  await expect(planned("echo hi")).rejects.toThrow(
    /\/program ended as if it had planned foundation, and wrote no plan: it is not Terraform; correct TERRAFORM_BINARY_NAME/,
  );
});

test("with a plan nothing differs", async () => {
  const written = 'for one; do case "$one" in -out=*) echo plan > "${one#-out=}";; esac; done';
  expect(await planned(written)).toEqual([{ stack: "foundation", changes: false }]);
});
