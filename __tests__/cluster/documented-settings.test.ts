import * as fs from "node:fs";
import { Clone } from "../clone";
import { expectDocumented } from "../documented";

// Faults of the files alone: no cluster is asked. Here because each is a command of its own that runs for a second.
let clone: Clone;
jest.setTimeout(30_000);

beforeAll(() => {
  clone = new Clone();
});
afterAll(() => fs.rmSync(clone.root, { recursive: true, force: true }));

async function refused(change: () => void, restore: () => void): Promise<string> {
  change();
  try {
    const { exitCode, output } = await clone.npm("synth");
    expect(exitCode).toBe(1);
    return output;
  } finally {
    restore();
  }
}

test("a rule that is broken is an error that names file, line, what was found and the way out", async () => {
  const output = await refused(
    () => clone.replace("values/ollama.yaml", "updateStrategy:", "image: { tag: latest }\nupdateStrategy:"),
    () => clone.replace("values/ollama.yaml", "image: { tag: latest }\nupdateStrategy:", "updateStrategy:"),
  );
  expect(output).toContain("rule latest-image");
  expectDocumented("rule-broken", "npm run synth", output, clone.root);
});

test("a value that the chart does not know is an error with the right key", async () => {
  const output = await refused(
    () => clone.replace("values/ollama.yaml", "updateStrategy:", "updateStrategie:"),
    () => clone.replace("values/ollama.yaml", "updateStrategie:", "updateStrategy:"),
  );
  expect(output).toContain("updateStrategy");
  expectDocumented("value-unknown", "npm run synth", output, clone.root);
});
