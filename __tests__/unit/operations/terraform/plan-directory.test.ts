import * as fs from "node:fs";
import * as path from "node:path";
import { withPlanFiles } from "../../../../operations/terraform/plan-directory";
import { temporaryDirectory } from "../../sample-repository";

describe("a plan's file", () => {
  it("is its owner's alone, and gone afterwards", async () => {
    const directory = temporaryDirectory();
    const result = await withPlanFiles([directory], async ([file = ""]) => {
      // As Terraform does.
      fs.writeFileSync(file, "plan");
      expect(fs.statSync(file).mode & 0o777).toBe(0o600);
      expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
      return fs.readFileSync(file, "utf8");
    });
    expect(result).toBe("plan");
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  it("is gone when the work fails, and no handler of a signal stays", async () => {
    const directory = temporaryDirectory();
    const before = process.listenerCount("SIGINT");
    await expect(withPlanFiles([directory], () => Promise.reject(new Error("failed")))).rejects.toThrow(
      "failed",
    );
    expect(fs.readdirSync(directory)).toEqual([]);
    expect(process.listenerCount("SIGINT")).toBe(before);
  });

  it("is removed later where a process was killed, and left alone where one still runs", async () => {
    const directory = temporaryDirectory();
    // A number that no process has: the largest that Linux gives is smaller.
    for (const pid of [4_194_305, process.ppid]) fs.mkdirSync(path.join(directory, `diff-${pid}`));
    await withPlanFiles([directory], async () => undefined);
    expect(fs.readdirSync(directory)).toEqual([`diff-${process.ppid}`]);
  });
});
