import { App, TerraformStack } from "cdktf";
import * as path from "node:path";
import { stackDirectory } from "../../../constructs/stack-directory";
import { temporaryDirectory } from "../sample-repository";

test("a stack's directory is where its configuration is written", () => {
  const outdir = temporaryDirectory();
  const stack = new TerraformStack(new App({ outdir }), "sample");
  expect(stackDirectory(stack)).toBe(path.join(outdir, "stacks", "sample"));
});
