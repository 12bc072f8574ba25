import * as fs from "node:fs";
import * as path from "node:path";
import { nodeFolder } from "../../../../operations/testing/bring-node";
import { tested, tooOld } from "../../../../operations/node-versions.json";
import { missingNodeVersions } from "../../../../operations/testing/tiers";
import { temporaryDirectory } from "../../sample-repository";

const directory = temporaryDirectory();

/** A machine with an empty cache, and a program npm that does what a test says. */
function machine(npm: string): NodeJS.ProcessEnv {
  const root = fs.mkdtempSync(path.join(directory, "machine-"));
  fs.writeFileSync(path.join(root, "npm"), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
  return { XDG_CACHE_HOME: path.join(root, "cache"), PATH: [root, process.env.PATH].join(path.delimiter) };
}

/** Links a program where npm would: `--prefix` has a value, and the package comes last. */
const installs = `
for argument; do [ "$previous" = --prefix ] && prefix=$argument; previous=$argument; done
case $argument in *@24.*) [ -z "$BROKEN" ] || { echo "npm error code E404" >&2; echo "npm error 404 Not Found" >&2; exit 1; };; esac
mkdir -p "$prefix/node_modules/.bin" && echo > "$prefix/node_modules/.bin/node"`;

const kept = (variables: NodeJS.ProcessEnv): string[] =>
  fs.readdirSync(path.join(variables.XDG_CACHE_HOME ?? "", "llm-platform", "node")).sort();
const versions = [...tested, ...tooOld];

test("every version is brought once", async () => {
  const variables = machine(installs);
  const said: string[] = [];
  expect(await missingNodeVersions(variables, true, (line) => said.push(line))).toEqual({
    missing: [],
    none: false,
  });
  expect(said).toEqual(versions.map((version) => `installing node ${version} for the tests`));
  expect(kept(variables)).toEqual([...versions].sort());
  expect(fs.readdirSync(nodeFolder("24.21.0", variables)!)).toEqual(["node"]);
  expect(await missingNodeVersions(variables, true, (line) => said.push(line))).toMatchObject({
    missing: [],
  });
  expect(said).toHaveLength(versions.length);
});

test("one that npm cannot bring is missing with npm's reason, and leaves nothing behind", async () => {
  const variables = { ...machine(installs), BROKEN: "1" };
  const { missing, none } = await missingNodeVersions(variables, true, () => undefined);
  expect(none).toBe(false);
  expect(missing).toEqual([
    expect.stringMatching(/^node 24\.21\.0: npm did not bring node-\S+: npm error code E404$/),
  ]);
  expect(kept(variables)).toEqual(versions.filter((version) => version !== "24.21.0").sort());
});

test("nothing is brought where nobody waits for it", async () => {
  const variables = machine("exit 1");
  expect(await missingNodeVersions(variables, false, () => undefined)).toEqual({
    missing: [`node ${versions.join(", ")}: not here yet: TIERS=all npm test brings what is missing, once`],
    none: true,
  });
});

test("where npm has no network, one line says it of all versions", async () => {
  const { missing, none } = await missingNodeVersions(
    machine("echo npm error code ENOTFOUND >&2; exit 1"),
    true,
    () => undefined,
  );
  expect(missing).toEqual([
    expect.stringMatching(
      new RegExp(`^node ${versions.join(", ")}: npm did not bring node-\\S+: npm error code ENOTFOUND$`),
    ),
  ]);
  expect(none).toBe(true);
});
