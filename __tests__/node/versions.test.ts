import * as fs from "node:fs";
import * as path from "node:path";
import { nodeFolder } from "../../operations/testing/bring-node";
import { tested, tooOld } from "../../operations/node-versions.json";
import { Clone } from "../clone";
import type { Answer } from "../running-process";

// A process of npm, one of cdktf and one of the program, each a second of its own and more on a busy machine.
jest.setTimeout(120_000);

let clone: Clone;
beforeAll(() => {
  clone = new Clone();
  // Stands in for Terraform, of which a machine of this tier need have none: says whether it was given a terminal.
  fs.writeFileSync(
    clone.file("stand-in"),
    `#!/bin/sh
if [ "$1" = version ]; then echo '{"terraform_version":"1.11.4"}'; exit; fi
if [ -t 1 ]; then echo "$1 has a terminal"; else echo "$1 has none"; fi
`,
    { mode: 0o755 },
  );
});
afterAll(() => clone.remove());

/** Those that npm has not brought here are skipped: npm test says which, and why. */
function on(version: string): { it: jest.It; run: (command: string) => Promise<Answer> } {
  const folder = nodeFolder(version, process.env);
  const run = async (command: string): Promise<Answer> => {
    const [file = "", ...args] = command.split(" ");
    return clone.process(file, args, {
      CI: "1",
      PATH: [folder, process.env.PATH].join(path.delimiter),
      TERRAFORM_BINARY_NAME: clone.file("stand-in"),
    });
  };
  return { it: folder ? test : test.skip, run };
}

describe.each(tested)("node %s", (version) => {
  const { it, run } = on(version);

  it("is what the commands of this test run on", async () => {
    expect((await run("node --version")).output).toBe(`v${version}`);
  });

  it("npm start shows the platform, and warns of nothing", async () => {
    const { exitCode, output } = await run("npm --silent start");
    expect(output).toMatch(/^environment +minikube\n/);
    expect(output).not.toContain("Warning");
    expect(exitCode).toBe(0);
  });

  it("npx cdktf synth writes both stacks, of which Node deprecates nothing", async () => {
    const { exitCode, output } = await run("npx cdktf synth");
    expect(output).toContain("Generated Terraform code for the stacks: foundation, llm-apps");
    expect(output).not.toContain("DeprecationWarning");
    expect(exitCode).toBe(0);
  });

  it("npx cdktf diff runs Terraform on a terminal, as deploy does", async () => {
    const { exitCode, output } = await run("npx cdktf diff foundation");
    expect(output).toContain("foundation  init has a terminal");
    expect(output).toContain("foundation  plan has none");
    expect(exitCode).toBe(0);
  });
});

describe.each(tooOld)("node %s", (version) => {
  const { it, run } = on(version);

  it("comes as far as the message that it is too old", async () => {
    const { exitCode, output } = await run("node operations/entry.mjs start");
    expect(output).toMatch(
      new RegExp(`^node ${version} is not supported: .*; install Node \\d+ and run it again: .*$`),
    );
    expect(exitCode).toBe(1);
  });
});
