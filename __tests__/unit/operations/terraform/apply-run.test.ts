import * as fs from "node:fs";
import * as path from "node:path";
import type { ApplyEvent } from "../../../../operations/terraform/apply-events";
import { runApply } from "../../../../operations/terraform/apply-run";
import { temporaryDirectory } from "../../sample-repository";
import { interruptionOf } from "../bench/interruption-of";

test("Terraform applies what was planned, thirty at once, and what it says is told as it says it", async () => {
  const root = temporaryDirectory();
  fs.mkdirSync(path.join(root, "cdktf.out/sandbox/stacks/llm-apps"), { recursive: true });
  const program = path.join(root, "terraform");
  const problem = {
    type: "diagnostic",
    "@level": "error",
    diagnostic: { severity: "error", summary: "no", detail: "" },
  };
  // Its last line has no end, as one of a program that was killed.
  const script = `#!/bin/sh\necho "$@" > ${root}/args\nprintf '%s' '${JSON.stringify(problem)}'\nexit 1\n`;
  fs.writeFileSync(program, script, { mode: 0o755 });
  const events: ApplyEvent[] = [];
  const { exitCode, errors } = await runApply({
    context: {
      root,
      environment: { name: "sandbox", engine: "terraform", state: { backend: "local" } },
      variables: { PATH: process.env.PATH, TERRAFORM_BINARY_NAME: program },
    },
    stack: "llm-apps",
    args: ["plan"],
    output: path.join(root, "output"),
    interruption: interruptionOf(new AbortController().signal),
    onEvent: (event) => events.push(event),
  });
  expect(fs.readFileSync(path.join(root, "args"), "utf8")).toBe(
    "apply -json -input=false -no-color -parallelism=30 plan\n",
  );
  expect([exitCode, errors.map(({ summary }) => summary), events.length]).toEqual([1, ["no"], 1]);
});
