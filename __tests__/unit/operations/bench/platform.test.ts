import * as fs from "node:fs";
import * as path from "node:path";
import { copyRepository } from "../../../../operations/bench/platform";
import { repository, temporaryDirectory } from "../../sample-repository";

test("a copy of the repository has every file with its timestamp, and neither credentials nor state", () => {
  const root = temporaryDirectory();
  for (const file of ["a folder/é.txt", "credentials/sandbox.env", "state/sandbox/a.tfstate"]) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), "text");
  }
  fs.utimesSync(path.join(root, "a folder/é.txt"), 1_000_000, 1_000_000);
  fs.mkdirSync(path.join(root, "node_modules"));
  const copy = path.join(temporaryDirectory(), "clone");
  copyRepository(root, copy);
  expect(fs.statSync(path.join(copy, "a folder/é.txt")).mtimeMs).toBe(1_000_000_000);
  expect(fs.realpathSync(path.join(copy, "node_modules"))).toBe(
    path.join(fs.realpathSync(root), "node_modules"),
  );
  expect(["credentials", "state"].filter((name) => fs.existsSync(path.join(copy, name)))).toEqual([]);
});

test("what git ignores is not copied", () => {
  const ignored = fs.readFileSync(path.join(repository, ".gitignore"), "utf8").split("\n");
  const folders = ["node_modules", "cdktf.out/", ".sandbox/", "credentials/", "state/"];
  expect(ignored.filter((name) => name && !name.startsWith("/") && !name.startsWith("*"))).toEqual(folders);
});
