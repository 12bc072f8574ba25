import * as fs from "node:fs";
import * as path from "node:path";
import { loadChartLock, pinnedChart } from "../../../settings/chart-lock";
import { loadSettings } from "../../../applications/load-settings";
import { failure } from "../failure";
import { repository, sampleRepository, temporaryDirectory } from "../sample-repository";

const repositoryExpected = "expected https://… or oci://… without a slash at the end";
const versionExpected = "expected one exact version such as 1.77.0, not a range";

/** A repository whose lock takes any package. */
function repositoryWithoutDigests(more = ""): string {
  const sample = sampleRepository();
  sample.write(
    "charts/lock.yaml",
    `ollama: { repository: "https://helm.otwld.com", version: 1.77.0${more} }\n` +
      'librechat: { repository: "oci://ghcr.io/danny-avila/librechat-chart", version: 2.0.8 }\n',
  );
  return sample.root;
}

function directoryWith(...packages: string[]): string {
  const directory = temporaryDirectory();
  for (const name of packages) fs.writeFileSync(path.join(directory, name), "a package");
  return directory;
}

test("the charts are pinned exactly, each with its repository", () => {
  expect(loadChartLock(repository)).toMatchObject({
    ollama: { name: "ollama", repository: "https://helm.otwld.com", version: "1.77.0" },
    librechat: {
      name: "librechat",
      repository: "oci://ghcr.io/danny-avila/librechat-chart",
      version: "2.0.8",
    },
  });
});

test("the charts are taken from a directory where one is named", () => {
  const directory = directoryWith("ollama-1.77.0.tgz", "librechat-2.0.8.tgz");
  expect(pinnedChart(loadChartLock(repositoryWithoutDigests(), directory), "librechat").package).toBe(
    path.join(directory, "librechat-2.0.8.tgz"),
  );
});

test.each([
  ["a caret range", "version: ^1.77.0", `ollama.version: ${versionExpected}, found "^1.77.0"`],
  ["a range of two", "version: '>=1.77.0 <2'", `ollama.version: ${versionExpected}, found ">=1.77.0 <2"`],
  ["latest", "version: latest", `ollama.version: ${versionExpected}, found "latest"`],
  ["an open patch version", "version: 1.77.x", `ollama.version: ${versionExpected}, found "1.77.x"`],
  [
    "a version that YAML reads as a number",
    "version: 1.77",
    "ollama.version: expected a string, found 1.77: put it in quotes",
  ],
])("fails on %s in the lock", (_what, version, message) => {
  const sample = sampleRepository();
  sample.edit("charts/lock.yaml", "version: 1.77.0", version);
  expect(failure(() => loadChartLock(sample.root))).toBe(`charts/lock.yaml: ${message}`);
});

test.each([
  ["plain http", "http://helm.otwld.com"],
  ["a slash at the end", "https://helm.otwld.com/"],
  ["a path of this machine", "./charts"],
])("fails on a repository with %s", (_what, address) => {
  const sample = sampleRepository();
  sample.edit("charts/lock.yaml", "https://helm.otwld.com", address);
  expect(failure(() => loadChartLock(sample.root))).toBe(
    `charts/lock.yaml: ollama.repository: ${repositoryExpected}, found "${address}"`,
  );
});

test.each([
  [
    "a misspelt key",
    "ollama: { repository: 'https://a.test', verison: 1.77.0 }\n",
    [
      "ollama.version: missing, expected a string",
      "ollama.verison: unknown key, did you mean version? (allowed: repository, version, appVersion, sha256)",
    ],
  ],
  ["a version in the place of an entry", "ollama: 1.77.0\n", ['ollama: expected a mapping, found "1.77.0"']],
  ["an entry without content", "ollama:\n", ["ollama: expected a mapping, found nothing"]],
])("fails on %s", (_what, text, messages) => {
  const sample = sampleRepository();
  sample.write("charts/lock.yaml", text);
  expect(failure(() => loadChartLock(sample.root))).toBe(
    messages.map((message) => `charts/lock.yaml: ${message}`).join("\n"),
  );
});

test.each([
  ["a list", "- ollama\n", "charts/lock.yaml: expected a mapping of keys to values, found a list"],
  [
    "a chart that is there twice",
    "ollama: {}\nollama: {}\n",
    "charts/lock.yaml:2:1: not valid YAML: duplicated mapping key",
  ],
])("fails on a lock with %s", (_what, text, message) => {
  const sample = sampleRepository();
  sample.write("charts/lock.yaml", text);
  expect(failure(() => loadChartLock(sample.root))).toBe(message);
});

test("fails on a lock that is not there", () => {
  const sample = sampleRepository();
  sample.remove("charts/lock.yaml");
  expect(failure(() => loadChartLock(sample.root))).toBe("charts/lock.yaml: no such file");
});

test.each([
  [
    "a misspelt chart",
    "olama: { repository: 'https://a.test', version: 1.0.0 }",
    "charts/lock.yaml: ollama: missing, is olama meant? (there are: olama); add the chart's repository and version",
  ],
  [
    "no chart at all",
    "",
    "charts/lock.yaml: ollama: missing (there are: none); add the chart's repository and version",
  ],
])("fails on a lock with %s", (_what, text, message) => {
  const sample = sampleRepository();
  sample.write("charts/lock.yaml", text);
  expect(failure(() => pinnedChart(loadChartLock(sample.root), "ollama"))).toBe(message);
});

// printf 'a package' | sha256sum
const digest = "c0cd5ccfdb563a59366e33e73001b78fdb8cca5a6c48e2f90fffcde44b81f1f6";

test("a package of the digest that the lock holds is taken", () => {
  const directory = directoryWith("ollama-1.77.0.tgz", "librechat-2.0.8.tgz");
  expect(loadChartLock(repositoryWithoutDigests(`, sha256: ${digest}`), directory).ollama?.package).toBe(
    path.join(directory, "ollama-1.77.0.tgz"),
  );
});

test("fails on a package of another digest", () => {
  const directory = directoryWith("ollama-1.77.0.tgz", "librechat-2.0.8.tgz");
  const other = "0".repeat(64);
  expect(failure(() => loadChartLock(repositoryWithoutDigests(`, sha256: "${other}"`), directory))).toBe(
    `ollama-1.77.0.tgz: is not the package that charts/lock.yaml was written for: expected SHA-256 ${other}, found ${digest}; ` +
      "get the same package again, or, if you know why it changed, remove sha256 of ollama from charts/lock.yaml and run: npm run charts -- update ollama 1.77.0",
  );
});

test("fails on a digest that is none", () => {
  expect(failure(() => loadChartLock(repositoryWithoutDigests(", sha256: abc")))).toBe(
    'charts/lock.yaml: ollama.sha256: expected 64 hexadecimal digits in lower case, found "abc"',
  );
});

test("a package of a chart that nobody uses need not be there", () => {
  const directory = directoryWith("ollama-1.77.0.tgz");
  const charts = loadChartLock(repositoryWithoutDigests(), directory, ["ollama"]);
  expect(charts.ollama?.package).toBe(path.join(directory, "ollama-1.77.0.tgz"));
  expect(charts.librechat).not.toHaveProperty("package");
});

test("an environment asks for the packages of its own releases alone", () => {
  const { root, edit } = sampleRepository();
  edit("environments/minikube-cpu.yaml", "  librechat:\n", "  librechat:\n    installed: false\n");
  const CHARTS_DIR = directoryWith("ollama-1.77.0.tgz");
  const { charts } = loadSettings(root, { CHARTS_DIR, ENVIRONMENT: "minikube-cpu" });
  expect(charts.ollama?.package).toBeDefined();
  expect(failure(() => loadSettings(root, { CHARTS_DIR, ENVIRONMENT: "minikube" }))).toMatch(
    /^CHARTS_DIR: librechat-2\.0\.8\.tgz is not in /,
  );
});

describe("fails on a CHARTS_DIR", () => {
  const pull = "get it with: helm pull ollama --repo https://helm.otwld.com --version 1.77.0 --destination";

  test.each([
    ["without any package", [], "no package of that chart"],
    ["with packages of other charts", ["librechat-2.0.8.tgz", "ollama.txt"], "no package of that chart"],
    ["with other versions", ["ollama-1.9.0.tgz", "ollama-1.42.0.tgz"], "ollama-1.42.0.tgz, ollama-1.9.0.tgz"],
  ])("%s", (_what, packages, found) => {
    const directory = directoryWith(...packages);
    expect(failure(() => loadChartLock(repositoryWithoutDigests(), directory))).toBe(
      `CHARTS_DIR: ollama-1.77.0.tgz is not in ${directory} (found: ${found}); ${pull} ${directory}, or unset CHARTS_DIR`,
    );
  });

  test("that is not there", () => {
    const directory = path.join(temporaryDirectory(), "charts");
    expect(failure(() => loadChartLock(repositoryWithoutDigests(), directory))).toBe(
      `CHARTS_DIR: ollama-1.77.0.tgz is not in ${directory} (found: no such directory); ${pull} ${directory}, or unset CHARTS_DIR`,
    );
  });

  test("that is a file", () => {
    const file = path.join(directoryWith("charts"), "charts");
    expect(failure(() => loadChartLock(repositoryWithoutDigests(), file))).toBe(
      `CHARTS_DIR: ollama-1.77.0.tgz is not in ${file} (found: a file, not a directory); ${pull} ${file}, or unset CHARTS_DIR`,
    );
  });

  test("that lacks the chart of a registry", () => {
    const directory = directoryWith("ollama-1.77.0.tgz");
    expect(failure(() => loadChartLock(repositoryWithoutDigests(), directory))).toBe(
      `CHARTS_DIR: librechat-2.0.8.tgz is not in ${directory} (found: no package of that chart); ` +
        `get it with: helm pull oci://ghcr.io/danny-avila/librechat-chart/librechat --version 2.0.8 --destination ${directory}, or unset CHARTS_DIR`,
    );
  });
});
