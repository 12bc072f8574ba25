import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import { customManagers, enabledManagers } from "../../renovate.json";

// That Renovate takes its configuration as a whole is its own validator's: npm run lint:workflows.
const root = path.join(__dirname, "../..");
const files = execa
  .sync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .stdout.split("\n")
  .filter((file) => fs.existsSync(path.join(root, file)));
const textOf = (file: string): string => fs.readFileSync(path.join(root, file), "utf8");

type Manager = (typeof customManagers)[number];

/** Where a manager finds versions, such as `charts/lock.yaml:123`, and which. */
function versionsOf(manager: Manager): Map<string, string> {
  const patterns = manager.managerFilePatterns.map((pattern) =>
    pattern.startsWith("/")
      ? new RegExp(pattern.slice(1, -1))
      : new RegExp(`^${pattern.replaceAll(".", "\\.")}$`),
  );
  return new Map(
    files
      .filter((file) => patterns.some((pattern) => pattern.test(file)))
      .flatMap((file) =>
        found(manager, textOf(file)).map(([at, version]) => [`${file}:${at}`, version] as const),
      ),
  );
}

/** Offset and version. */
function found({ matchStrings, ...manager }: Manager, text: string): [number, string][] {
  const [first = "", ...inner] = matchStrings;
  const isRecursive = "matchStringsStrategy" in manager;
  const all = (isRecursive ? [first] : matchStrings).flatMap((one) => [
    ...text.matchAll(new RegExp(one, "dg")),
  ]);
  return all.flatMap((match): [number, string][] => {
    if (isRecursive && inner.length) {
      return found({ ...manager, matchStrings: inner } as Manager, match[0]).map(([at, version]) => [
        match.index + at,
        version,
      ]);
    }
    return [[match.indices?.groups?.currentValue?.[0] ?? -1, match.groups?.currentValue ?? ""]];
  });
}

/** How a version is pinned, wherever it is not in prose. */
const pin = /(?:@v?|==|(?:^|\s)(?:version|tag)"?\s*[:=]\s*"?)(?<version>v?\d+\.\d+\.\d+[\w.-]*)/dg;

/** Of Renovate's own managers, each with what is its own. */
const own: { readonly [manager: string]: RegExp } = {
  npm: /^package(-lock)?\.json$/,
  gomod: /(^|\/)go\.(mod|sum)$/,
  "github-actions": /^\.github\/workflows\//,
};

/** What is no version of anything that somebody publishes, or is of what is tested against on purpose. */
const others =
  /^(__tests__|docs|schemas|contracts\/generated)\/|^charts\/.*\.json$|^values\/config\/librechat\.yaml$|_test\.go$|^operations\/bench\/lab\.ts$/;

test.each(customManagers.map((manager) => [manager.description, manager] as const))(
  "%s: versions are found",
  (_description, manager) => {
    const versions = [...versionsOf(manager).values()];
    expect(versions).not.toEqual([]);
    expect(versions.filter((version) => !/^v?\d+\.\d+\.\d+/.test(version))).toEqual([]);
  },
);

test("every version that is pinned is some manager's, and none is two managers'", () => {
  expect(Object.keys(own).filter((manager) => !enabledManagers.includes(manager))).toEqual([]);
  const managed = customManagers.flatMap((manager) => [...versionsOf(manager).keys()]);
  expect(managed.filter((at, index) => managed.indexOf(at) !== index)).toEqual([]);
  const pinned = files
    .filter((file) => !others.test(file) && !Object.values(own).some((pattern) => pattern.test(file)))
    .flatMap((file) =>
      [...textOf(file).matchAll(pin)].map((match) => `${file}:${match.indices?.groups?.version?.[0] ?? -1}`),
    );
  expect(pinned.length).toBeGreaterThan(5);
  expect(pinned.filter((at) => !managed.includes(at))).toEqual([]);
});
