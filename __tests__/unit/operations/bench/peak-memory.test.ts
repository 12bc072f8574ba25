import { peakMemory } from "../../../../operations/bench/peak-memory";
import { runProgram } from "../../../../operations/terminal/run-program";
import { skippedUnless } from "../../../skipped-unless";

const linuxTest = skippedUnless(process.platform === "linux", "others do not say what processes share");

linuxTest("the memory of all processes of some work is counted", async () => {
  const holds = (then: string): string => `const held = Buffer.alloc(64 * 1024 * 1024, 1); ${then}`;
  const below = holds("setTimeout(() => held, 1000)");
  const script = holds(
    `require("child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(below)}])`,
  );
  expect(await peakMemory(() => runProgram(process.execPath, ["-e", script]))).toBeGreaterThan(128);
});
