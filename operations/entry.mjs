// The one entry of every npm script: installs what package-lock.json asks for where that has not happened, then runs the
// command. It uses nothing but Node, because on a fresh clone there is nothing else.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [name, ...args] = process.argv.slice(2);

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19) || major > 23) {
  fail(
    `node ${process.versions.node} is not supported: expected 20.19 or newer, below 24; install Node 22 and run it again`,
  );
}
// npm writes the first file when it has installed what the second asks for.
const installed = path.join(root, "node_modules", ".package-lock.json");
if (
  !existsSync(installed) ||
  statSync(installed).mtimeMs < statSync(path.join(root, "package-lock.json")).mtimeMs
) {
  process.stderr.write("installing packages (npm ci), once\n");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", process.stderr.fd, process.stderr.fd],
  });
  if (status !== 0) fail("npm ci failed: its message is above; npm's registry must be reachable once");
}

process.chdir(root);
const require = createRequire(import.meta.url);
require("./typescript.cjs");
const { runCommand } = require("./command-line/run-command.ts");
const { command } = require(`./commands/${name}.ts`);
await runCommand(command, args);

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
