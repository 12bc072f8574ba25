import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import * as semver from "semver";
import { engines } from "../../../package.json";
import { recommended, tested, tooOld } from "../../../operations/node-versions.json";
import { temporaryDirectory } from "../sample-repository";

const repository = path.join(__dirname, "..", "..", "..");
const directory = temporaryDirectory();

// The entry reads no other version than this one.
const pretend = path.join(directory, "pretend.cjs");
fs.writeFileSync(
  pretend,
  `Object.defineProperty(process, "versions", { value: { ...process.versions, node: process.env.PRETENDED } });`,
);

/** What a command answers when Node says that it is another version. */
async function asNode(version: string): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    ["--require", pretend, "operations/entry.mjs", "start", "--help"],
    { cwd: repository, env: { PRETENDED: version }, reject: false },
  );
  return { exitCode, stdout, stderr };
}

test.each([...tooOld, "20.18.3", "21.7.3", "22.11.0"])(
  "node %s is refused, and told why",
  async (version) => {
    expect(semver.satisfies(version, engines.node)).toBe(false);
    expect(await asNode(version)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        `node ${version} is not supported: it cannot require ES modules, which packages that this needs are ` +
        `(allowed: ${engines.node}); install Node ${recommended} and run it again: https://nodejs.org/en/download`,
    });
  },
);

test.each(["20.19.0", "22.12.0", ...tested])("node %s is taken without a word", async (version) => {
  expect(semver.satisfies(version, engines.node)).toBe(true);
  const { exitCode, stdout, stderr } = await asNode(version);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^Usage: npm run start/);
});

test.each(["23.11.1", "25.9.0", "28.0.0"])("node %s is not tested: one line says so", async (version) => {
  expect(semver.satisfies(version, engines.node)).toBe(true);
  const { exitCode, stdout, stderr } = await asNode(version);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: `node ${version} is not tested (tested: ${tested.join(", ")}); if something fails, try Node ${recommended}`,
  });
  expect(stdout).toMatch(/^Usage: npm run start/);
});

test("the version that users are told to install is tested", () => {
  expect(tested.map((version) => semver.major(version))).toContain(recommended);
});

test.each([
  ["has nothing installed", []],
  ["has what an older lock asks for", [".package-lock.json"]],
])(
  "fails where node_modules is a link to a folder that %s, and leaves that folder alone",
  async (_has, files) => {
    const root = fs.mkdtempSync(path.join(directory, "linked-"));
    const other = path.join(root, "other");
    fs.mkdirSync(other);
    for (const file of ["kept", ...files]) {
      fs.writeFileSync(path.join(other, file), "");
      fs.utimesSync(path.join(other, file), 0, 0);
    }
    fs.symlinkSync("other", path.join(root, "node_modules"));
    for (const file of [
      ...["package.json", "package-lock.json"],
      ...["operations/entry.mjs", "operations/node-versions.json"],
    ]) {
      fs.cpSync(path.join(repository, file), path.join(root, file));
    }
    // What npm ci begins with.
    fs.writeFileSync(path.join(root, "npm"), `#!/bin/sh\nrm -r node_modules/*\n`, { mode: 0o755 });
    const { exitCode, stderr } = await execa(process.execPath, ["operations/entry.mjs", "start"], {
      cwd: root,
      env: { PATH: [root, process.env.PATH].join(path.delimiter) },
      reject: false,
    });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr:
        `node_modules is a link to ${fs.realpathSync(other)}, where not all is installed that package-lock.json asks ` +
        "for, and npm ci would empty that folder: nothing was installed (allowed: a folder of this working tree); " +
        "run npm ci there, or remove the link and run this again",
    });
    expect(fs.readdirSync(other)).toEqual([...files, "kept"].sort());
  },
);
