import * as fs from "node:fs";
import * as path from "node:path";
import { bench, copyRepository, type Measured } from "../../../../operations/bench/bench";
import { chart } from "../../../../operations/bench/chart";
import { family } from "../../../../operations/bench/family";
import type { Figure } from "../../../../operations/bench/figure";
import { figures } from "../../../../operations/bench/figures";
import type { Lab } from "../../../../operations/bench/lab";
import { writeReadme } from "../../../../operations/bench/readme";
import { refuseMissed, reportMarkdown, reportTable } from "../../../../operations/bench/report";
import { InterruptedError } from "../../../../operations/errors/interrupted-error";
import { OperationError } from "../../../../operations/errors/operation-error";
import { skippedUnless } from "../../../skipped-unless";
import { repository, temporaryDirectory } from "../../sample-repository";
import { interruptionOf } from "./interruption-of";

function sample(): string {
  const root = temporaryDirectory();
  for (const file of ["a folder/é.txt", "credentials/sandbox.env", "state/sandbox/a.tfstate"]) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), "text");
  }
  fs.utimesSync(path.join(root, "a folder/é.txt"), 1_000_000, 1_000_000);
  fs.mkdirSync(path.join(root, "node_modules"));
  return root;
}

const figure = (title: string, take: Figure["take"], more: Partial<Figure> = {}): Figure => ({
  ...{ title, unit: "s", take },
  ...more,
});

const run = (
  wanted: readonly Figure[],
  { signal = new AbortController().signal, said = [] as string[], sizes = [2] } = {},
) =>
  bench({
    ...{ root: sample(), variables: { npm_config_prefix: "/nowhere", PATH: "/bin" }, runs: 5, sizes },
    ...{ say: (line: string) => void said.push(line), interruption: interruptionOf(signal), figures: wanted },
    prepare: async (context, size) => ({ ...context, size }) as Lab,
  });

/** One value after the other. */
const values = (...samples: number[]) => {
  const left = [...samples];
  return async () => left.shift()!;
};

describe("npm run bench", () => {
  it("takes every figure of all sides in turns, in a copy of the repository that is gone afterwards", async () => {
    const said: string[] = [];
    const roots = new Set<string>();
    const here = async ({ root, variables }: Lab) => {
      roots.add(root);
      expect(fs.readFileSync(path.join(root, "a folder/é.txt"), "utf8")).toBe("text");
      expect(variables).toEqual({ PATH: "/bin", ENVIRONMENT: "sandbox" });
      return 1;
    };
    const wanted = [figure("one", { platform: here, byHand: here }), figure("two", { platform: here })];
    const measured = await run(wanted, { said, sizes: [2, 20] });
    const round = (size: number) => ["one", "one", "two"].map((title) => `${size} releases: ${title}`);
    const all = (size: number) => [`${size} releases: preparing`, ...Array(6).fill(round(size)).flat()];
    expect(said).toEqual([...all(2), ...all(20)]);
    expect([...roots].map((root) => fs.existsSync(root))).toEqual([false, false]);
    expect(measured.map(({ size, title, side }) => `${size} ${title} ${side}`)).toEqual([
      ...["2 one platform", "2 one byHand", "2 two platform"],
      ...["20 one platform", "20 one byHand", "20 two platform"],
    ]);
  });

  it("answers medians without the first round: neither it nor one slow run changes anything", async () => {
    const slow = figure("one", { platform: values(900, 9, 10, 90, 12, 11) });
    expect(await run([slow])).toMatchObject([{ median: 11 }]);
  });

  it("takes a figure that is taken once neither for warming up nor again", async () => {
    const once = figure("one", { platform: values(7, 8) }, { atMostRuns: 1 });
    expect(await run([once])).toMatchObject([{ median: 7 }]);
  });

  it("has goals that depend on what stands beside, and leaves out what is not taken at a size", async () => {
    const wanted = [
      figure(
        "one",
        { platform: async () => 3, terraform: async () => 2, objects: async () => undefined },
        { goal: (size, medianOf) => (medianOf("terraform") ?? 0) * size },
      ),
      figure("two", { platform: async () => 1 }, { goal: (_size, medianOf) => medianOf("platform", "one") }),
    ];
    expect((await run(wanted)).map(({ title, side, goal }) => [title, side, goal])).toEqual([
      ["one", "platform", 4],
      ["one", "terraform", undefined],
      ["two", "platform", 3],
    ]);
  });

  it("fails with what a figure fails with", async () => {
    const broken = figure("broken", {
      platform: async () => {
        throw new OperationError("the command ended with exit code 1");
      },
    });
    await expect(run([broken])).rejects.toThrow("the command ended with exit code 1");
  });

  it("ends without a figure when it is interrupted", async () => {
    const stop = new AbortController();
    const interrupted = figure("interrupted", {
      platform: async () => {
        stop.abort();
        throw new OperationError("the command ended with exit code 143");
      },
    });
    await expect(run([interrupted], { signal: stop.signal })).rejects.toThrow(InterruptedError);
  });
});

const measured: readonly Measured[] = [
  { title: "diff, nothing differs", unit: "s", size: 2, side: "platform", median: 1.271, goal: 1.3 },
  { title: "diff, nothing differs", unit: "s", size: 2, side: "terraform", median: 1 },
  { title: "diff, nothing differs", unit: "s", size: 20, side: "platform", median: 3.42, goal: 3 },
  { title: "diff, nothing differs", unit: "s", size: 20, side: "byHand", median: 2.5 },
  { title: "state of the releases", unit: "KB", size: 20, side: "platform", median: 127.4, goal: 150 },
  { title: "credentials in the state", unit: "secrets", size: 20, side: "platform", median: 0, goal: 0 },
];

describe("the report", () => {
  it("is a table in 80 columns, and one of Markdown with the same", () => {
    const lines = reportTable(measured).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    // No word of the head is cut in two.
    expect(reportTable(measured)).toMatch(/Terraform .*\n(.*\n){1,3}.*\bobject\b/);
    expect(reportTable(measured)).toMatch(/\bresource\b/);
    const rows = reportMarkdown(measured).split("\n").slice(2);
    expect(rows.map((row) => row.replace(/ +/g, " "))).toEqual([
      "| diff, nothing differs | 2 | 1.30 s | 1.27 s | 1.00 s | | |",
      "| | 20 | 3.00 s | 3.42 s | | 2.50 s | |",
      "| state of the releases | 20 | 150 KB | 127 KB | | | |",
      "| credentials in the state | 20 | 0 | 0 | | | |",
    ]);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  });

  it("fails with each figure that misses its goal, and by how much", () => {
    expect(() => refuseMissed(measured)).toThrow(OperationError);
    expect(() => refuseMissed(measured)).toThrow(
      /^1 figure does not keep the goal:\n {2}diff, nothing differs, 20 releases: 3\.42 s, at most 3\.00 s\n/,
    );
    expect(() => refuseMissed(measured.slice(0, 2))).not.toThrow();
  });

  it("stands in README between its marks, with its picture", () => {
    const root = temporaryDirectory();
    fs.mkdirSync(path.join(root, "docs"));
    const text = fs.readFileSync(path.join(repository, "README.md"), "utf8");
    fs.writeFileSync(path.join(root, "README.md"), text);
    writeReadme(root, measured, 5, "1.11.4");
    const written = fs.readFileSync(path.join(root, "README.md"), "utf8");
    const outside = (all: string) => all.replace(/<!-- figures:[^]*?<!-- \/figures -->/, "");
    expect(outside(written)).toBe(outside(text));
    expect(outside(text)).not.toBe(text);
    expect(written).toContain(reportMarkdown(measured));
    expect(written).toContain("- diff, nothing differs, 20 releases: 3.42 s, at most 3.00 s\n");
    expect(written).toContain("\n\n<!-- /figures -->");
    expect(fs.readFileSync(path.join(root, "docs/figures.svg"), "utf8")).toBe(
      chart(measured, "diff, nothing differs"),
    );
  });

  it("of README has figures that there are", () => {
    const text = fs.readFileSync(path.join(repository, "README.md"), "utf8");
    const [, section = ""] = /<!-- figures:[^]*?-->([^]*?)<!-- \/figures -->/.exec(text) ?? [];
    const named = [...section.matchAll(/^\| ([^|]*[^| ]) +\| \d+ +\|/gm)].map(([, title]) => title);
    const known = figures.map(({ title }) => title);
    expect(named.filter((title) => !known.includes(title!))).toEqual([]);
  });
});

describe("the picture", () => {
  it("has a bar of each side at each size, and text for a light and for a dark page", () => {
    const picture = chart(measured, "diff, nothing differs");
    expect(picture.match(/<title>/g)).toHaveLength(4);
    for (const text of ["2 applications", "20 applications", "1.3 s", "3.4 s", "this platform"]) {
      expect(picture).toContain(text);
    }
    expect(picture).toMatch(/prefers-color-scheme: dark/);
    // XML takes no two hyphens in a comment, and nobody shows what is no XML.
    expect(/<!--([^]*?)-->/.exec(picture)?.[1]).not.toContain("--");
  });
});

skippedUnless(process.platform === "linux", "processes are read from /proc")(
  "the family of a process has what it started",
  () => {
    expect(family(process.ppid)).toContain(process.pid);
  },
);

test("a copy of the repository has every file with its timestamp, and neither credentials nor state", () => {
  const root = sample();
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
  const folders = ["node_modules", "cdktf.out/", ".sandbox/", "credentials/", "backups/", "state/"];
  expect(ignored.filter((name) => name && !name.startsWith("/") && !name.startsWith("*"))).toEqual(folders);
});
