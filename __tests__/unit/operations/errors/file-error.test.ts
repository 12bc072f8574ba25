import * as fs from "node:fs";
import * as path from "node:path";
import { Command } from "@commander-js/extra-typings";
import { runCommand } from "../../../../operations/command-line/run-command";
import { fileError } from "../../../../operations/errors/file-error";
import { temporaryDirectory } from "../../sample-repository";

const refused = (code: string, syscall: string) =>
  Object.assign(new Error(code), { code, syscall, path: "/r" });

test.each([
  ["a file system that is read-only", refused("EROFS", "open"), "EROFS", /read-only/],
  ["the same, as Node says it of folders", refused("ENOENT", "mkdir"), "EROFS", /read-only/],
  ["another user's folder", refused("EACCES", "scandir"), "EACCES", /may not/],
  ["a disk that is full", refused("ENOSPC", "write"), "ENOSPC", /no space/],
])("%s is known", (_what, error, code, why) => {
  expect(fileError(error)).toEqual({ path: "/r", code, why: expect.stringMatching(why) });
});

test("a file that is not there is no such thing, nor is a fault of the program", () => {
  const missing = path.join(temporaryDirectory(), "none");
  const caught = (work: () => void): unknown => {
    try {
      return work();
    } catch (error) {
      return error;
    }
  };
  expect(fileError(caught(() => fs.readFileSync(missing)))).toBeUndefined();
  expect(fileError(new TypeError("undefined is not a function"))).toBeUndefined();
});

test("a command that meets one ends with it in a line, and without a stack trace", async () => {
  const said = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  const before = process.exitCode;
  const command = new Command().action(() => Promise.reject(refused("EROFS", "open")));
  await runCommand(command as never, []);
  const [[line] = []] = said.mock.calls;
  said.mockRestore();
  expect([line, process.exitCode]).toEqual([
    "/r: cannot be read or written (EROFS: its file system is read-only): change that, then run this again\n",
    1,
  ]);
  process.exitCode = before;
});
