import { spawnSync } from "node:child_process";
import { peakMemory, reportingPeakMemory } from "../../../../operations/bench/peak-memory";

describe("the peak memory of a program", () => {
  it("is said by the program itself when it ends, whatever it freed before", () => {
    const program = 'Buffer.alloc(150 * 1048576, 1); process.stderr.write("a message")';
    const { stderr } = spawnSync(process.execPath, ["-e", program], {
      env: reportingPeakMemory(process.env),
      encoding: "utf8",
    });
    expect(stderr).toContain("a message");
    expect(peakMemory(stderr)).toBeGreaterThan(150);
    expect(peakMemory(stderr)).toBeLessThan(400);
  });

  it("keeps the options of Node that are set already", () => {
    const { NODE_OPTIONS } = reportingPeakMemory({ NODE_OPTIONS: "--max-old-space-size=512" });
    expect(NODE_OPTIONS).toMatch(/^--max-old-space-size=512 --require ".*report-peak-memory\.cjs"$/);
  });

  it("is that of the largest process", () => {
    expect(peakMemory("peak memory: 1024 KiB\nother\npeak memory: 4096 KiB\n")).toBe(4);
  });

  it("fails when the program said nothing", () => {
    expect(() => peakMemory("a message")).toThrow("did not say its peak memory");
  });
});
