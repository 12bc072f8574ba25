import execa from "execa";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { removeAfterwards } from "../../../../operations/terminal/remove-afterwards";

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-test-"));
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

test("what work used is gone when it is done and when it failed", async () => {
  await expect(removeAfterwards([directory], async () => "done")).resolves.toBe("done");
  expect(fs.existsSync(directory)).toBe(false);
  fs.mkdirSync(directory);
  await expect(removeAfterwards([directory], () => Promise.reject(new Error("failed")))).rejects.toThrow(
    "failed",
  );
  expect(fs.existsSync(directory)).toBe(false);
});

test("what could not be made, since it is below a file, is nothing to remove", async () => {
  const file = path.join(directory, "file");
  fs.writeFileSync(file, "");
  const failing = removeAfterwards([path.join(file, "x")], () => Promise.reject(new Error("no such folder")));
  await expect(failing).rejects.toThrow("no such folder");
  expect(fs.existsSync(file)).toBe(true);
});

// While a hundred files are being made by the threads behind it, a removal finds the directory not empty.
test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s ends work that is writing, and leaves nothing", async (signal, exitCode) => {
  const repository = path.join(__dirname, "../../../..");
  const script = `
    require(${JSON.stringify(path.join(repository, "operations/typescript.cjs"))});
    require(${JSON.stringify(path.join(repository, "operations/terminal/interruption"))}).handleInterruptions();
    const { removeAfterwards } = require(${JSON.stringify(path.join(repository, "operations/terminal/remove-afterwards"))});
    const write = async (n) => {
      await require("fs").promises.writeFile(${JSON.stringify(directory)} + "/" + n, "");
      await write(n + 100);
    };
    removeAfterwards([${JSON.stringify(directory)}], () => {
      console.log("writing");
      return Promise.all(Array.from({ length: 100 }, (_, n) => write(n)));
    });`;
  const child = execa("node", ["-e", script], { reject: false });
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  child.kill(signal);
  const { exitCode: found, stderr } = await child;
  expect({ exitCode: found, stderr }).toEqual({ exitCode, stderr: "" });
  expect(fs.existsSync(directory)).toBe(false);
});
