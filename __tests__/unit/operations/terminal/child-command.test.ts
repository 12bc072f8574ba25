import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import { waitFor } from "../../../wait-for";
import { childCommand } from "../../../../operations/terminal/child-command";
import { type Interruption, interruptible } from "../../../../operations/terminal/interruption";
import { temporaryDirectory } from "../../sample-repository";

const root = temporaryDirectory();

/** A repository whose every command is this script; what it notes is in a file. */
function script(text: string): void {
  fs.mkdirSync(path.join(root, "operations"), { recursive: true });
  const note = 'import fs from "node:fs"; const note = (text) => fs.appendFileSync("notes", text + "\\n");\n';
  fs.writeFileSync(path.join(root, "operations", "entry.mjs"), note + text);
  fs.rmSync(path.join(root, "notes"), { force: true });
}

const notes = () =>
  fs.existsSync(path.join(root, "notes")) ? fs.readFileSync(path.join(root, "notes"), "utf8") : "";

test("a command runs in the repository with its arguments and variables, and its exit code is the answer", async () => {
  script(
    'note([...process.argv.slice(2), process.env.SAMPLE, process.env.HOME ?? "no more"].join(" ")); process.exit(2);',
  );
  expect(await childCommand(root, ["deploy", "--yes"], { SAMPLE: "a" })).toBe(2);
  expect(notes()).toBe("deploy --yes a no more\n");
});

test("a stop is passed on once, and the command is waited for", async () => {
  script(`
    process.on("SIGINT", () => { note("stopping"); process.exit(1); });
    // Not longer than the test, which may be killed.
    const { ppid } = process;
    setInterval(() => process.ppid === ppid || process.exit(), 100);
    note("started " + process.pid);
  `);
  let stop: Interruption["stop"] = () => undefined;
  const ended = interruptible(
    () => undefined,
    (interruption) => {
      ({ stop } = interruption);
      return childCommand(root, ["deploy"], {});
    },
  );
  await waitFor("the command runs", () => notes().endsWith("\n"));
  const [, pid = ""] = /started (\d+)/.exec(notes()) ?? [];
  // Ctrl-C reaches every process of a group, and would reach it twice in that of its parent.
  expect(execa.sync("ps", ["-o", "pgid=", "-p", pid]).stdout.trim()).toBe(pid);
  stop("stopping");
  stop("stopping");
  expect(await ended).toBe(1);
  expect(notes()).toBe(`started ${pid}\nstopping\n`);
});
