import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { copyRepository, memoryOf } from "../../../../operations/bench/platform";
import { temporaryDirectory } from "../../sample-repository";

function gitRepository(): string {
  const root = temporaryDirectory();
  execFileSync("git", ["init", "--quiet"], { cwd: root });
  fs.mkdirSync(path.join(root, "node_modules"));
  fs.writeFileSync(path.join(root, ".gitignore"), "node_modules/\ncredentials/\n");
  return root;
}

describe("a copy of the repository", () => {
  it("has every file with its timestamp, so that nothing is installed anew", async () => {
    const root = gitRepository();
    fs.mkdirSync(path.join(root, "a folder"));
    fs.writeFileSync(path.join(root, "a folder/é.txt"), "text");
    fs.utimesSync(path.join(root, "a folder/é.txt"), 1_000_000, 1_000_000);
    const copy = temporaryDirectory();
    await copyRepository(root, copy);
    expect(fs.readFileSync(path.join(copy, "a folder/é.txt"), "utf8")).toBe("text");
    expect(fs.statSync(path.join(copy, "a folder/é.txt")).mtimeMs).toBe(1_000_000_000);
    expect(fs.realpathSync(path.join(copy, "node_modules"))).toBe(path.join(root, "node_modules"));
  });

  it("has no file that git ignores: credentials and state stay where they are", async () => {
    const root = gitRepository();
    fs.mkdirSync(path.join(root, "credentials"));
    fs.writeFileSync(path.join(root, "credentials/sandbox.env"), "secret");
    const copy = temporaryDirectory();
    await copyRepository(root, copy);
    expect(fs.readdirSync(copy).sort()).toEqual([".gitignore", "node_modules"]);
  });

  it("does without a file that was deleted and is still listed by git", async () => {
    const root = gitRepository();
    fs.writeFileSync(path.join(root, "gone"), "");
    execFileSync("git", ["add", "gone"], { cwd: root });
    fs.rmSync(path.join(root, "gone"));
    const copy = temporaryDirectory();
    await copyRepository(root, copy);
    expect(fs.existsSync(path.join(copy, "gone"))).toBe(false);
  });

  it("fails outside a repository of git with what to do", async () => {
    await expect(copyRepository(temporaryDirectory(), temporaryDirectory())).rejects.toThrow(
      "run the bench in a clone",
    );
  });
});

describe("the memory of processes", () => {
  it("is in MB", async () => {
    const megabytes = await memoryOf([process.pid]);
    expect(megabytes).toBeGreaterThan(20);
    expect(megabytes).toBeLessThan(4096);
  });
});
