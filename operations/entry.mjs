// The one entry of every npm script: installs what package-lock.json asks for where that has not happened, then runs the
// command. It uses nothing but Node, because on a fresh clone there is nothing else, and no syntax that Node 14 does not
// know, because an old Node has to come as far as the message about itself.
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync, readlinkSync, statSync } from "node:fs";
import module, { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [name, ...args] = process.argv.slice(2);

const running = process.versions.node;
const { engines } = readJson("package.json");
const { recommended, tested } = readJson("operations/node-versions.json");
if (!allows(engines.node, running)) {
  fail(
    `node ${running} is not supported: it cannot require ES modules, which packages that this needs are ` +
      `(allowed: ${engines.node}); install Node ${recommended} and run it again: https://nodejs.org/en/download`,
  );
}
if (!tested.some((version) => version.split(".")[0] === running.split(".")[0])) {
  process.stderr.write(
    `node ${running} is not tested (tested: ${tested.join(", ")}); if something fails, try Node ${recommended}\n`,
  );
}

const packages = path.join(root, "node_modules");
// npm writes the first file when it has installed what the second asks for.
const installed = path.join(packages, ".package-lock.json");
if (
  !existsSync(installed) ||
  statSync(installed).mtimeMs < statSync(path.join(root, "package-lock.json")).mtimeMs
) {
  // npm ci empties the folder first, also one that is another working tree's.
  if (lstatSync(packages, { throwIfNoEntry: false })?.isSymbolicLink()) {
    fail(
      `node_modules is a link to ${path.resolve(root, readlinkSync(packages))}, where not all is installed that package-lock.json asks for, ` +
        "and npm ci would empty that folder: nothing was installed (allowed: a folder of this working tree); " +
        "run npm ci there, or remove the link and run this again",
    );
  }
  process.stderr.write("installing packages (npm ci), once\n");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", process.stderr.fd, process.stderr.fd],
  });
  if (status !== 0)
    fail(
      "npm ci failed, and says why above; it needs npm's registry once, and a home directory that can be written",
    );
}

process.chdir(root);
// V8 optimizes, beside this thread, what it takes for hot. Most commands have computed all that they compute before that pays,
// and Terraform waits for the core meanwhile: a fifth of what this process computes for a diff.
setFlagsFromString("--no-opt");
// For the same while the space for what is new stays as small as it begins. It would grow, and is held while Terraform plans: 13 MB.
setFlagsFromString("--semi-space-growth-factor=1");
setTimeout(
  () => ["--opt", "--semi-space-growth-factor=2"].forEach((flag) => setFlagsFromString(flag)),
  3000,
).unref();
// Of Node 22 and newer: what V8 made of a file is kept, too.
if (module.enableCompileCache) module.enableCompileCache(path.join(packages, ".cache", "llm-platform", "v8"));
const require = createRequire(import.meta.url);
require("./typescript.cjs");
const { handleInterruptions } = require("./terminal/interruption.ts");
handleInterruptions();
const { fetchThroughProxies } = require("./cluster/proxy.ts");
fetchThroughProxies(process.env);
const { runCommand } = require("./command-line/run-command.ts");
const { command } = require(`./commands/${name}.ts`);
await runCommand(command, args);

/** Whether a range such as `^20.19.0 || >=22.12.0` has a version in it. */
function allows(range, version) {
  const [major, minor] = version.split(".").map(Number);
  return [...range.matchAll(/(\^|>=)(\d+)\.(\d+)/g)].some(([, operator, first, from]) =>
    major === Number(first) ? minor >= Number(from) : operator === ">=" && major > Number(first),
  );
}

function readJson(file) {
  return JSON.parse(readFileSync(path.join(root, file), "utf8"));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
