import { peakMemory } from "../../../../operations/bench/peak-memory";
import { runProgram } from "../../../../operations/terminal/run-program";
import { skippedUnless } from "../../../skipped-unless";

(process.platform === "linux" ? test : test.skip)(
  "counts the memory of all processes of some work",
  async () => {
    const holds = (then: string): string => `const held = Buffer.alloc(64 * 1024 * 1024, 1); ${then}`;
    const below = holds("setTimeout(() => held, 1000)");
    const script = holds(
      `require("child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(below)}])`,
    );
    expect(await peakMemory(() => runProgram(process.execPath, ["-e", script]))).toBeGreaterThan(128);
  },
);
