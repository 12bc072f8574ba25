import * as fs from "node:fs";
import * as path from "node:path";
import {
  bench,
  copyRepository,
  type Figure,
  figures,
  refuseMissed,
  reportTable,
} from "../../../../operations/bench/bench";
import { OperationError } from "../../../../operations/errors/operation-error";
import { InterruptedError } from "../../../../operations/errors/interrupted-error";
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

const figure = (title: string, take: Figure["take"]): Figure => ({ title, unit: "s", atMost: 3, take });

const run = (wanted: readonly Figure[], signal = new AbortController().signal, said: string[] = []) =>
  bench(
    {
      ...{ root: sample(), variables: { npm_config_prefix: "/nowhere", PATH: "/bin" }, runs: 5 },
      ...{ say: (line: string) => void said.push(line), interruption: interruptionOf(signal) },
    },
    wanted,
  );

/** One value after the other. */
const values = (...samples: number[]) => {
  const left = [...samples];
  return async () => left.shift()!;
};

describe("npm run bench", () => {
  it("takes every figure in turns, in a copy of the repository that is gone afterwards", async () => {
    const said: string[] = [];
    const roots = new Set<string>();
    const here = async ({ root, variables }: Parameters<Figure["take"]>[0]) => {
      roots.add(root);
      expect(fs.readFileSync(path.join(root, "a folder/é.txt"), "utf8")).toBe("text");
      expect(variables).toEqual({ PATH: "/bin", ENVIRONMENT: "sandbox" });
      return 1;
    };
    await run([figure("one", here), figure("two", here)], undefined, said);
    expect(said.join(" ")).toBe("one two one two one two one two one two one two");
    expect([...roots].map((root) => fs.existsSync(root))).toEqual([false]);
  });

  it("answers medians without the first round: neither it nor one slow run changes anything", async () => {
    expect(await run([figure("one", values(900, 9, 10, 90, 12, 11))])).toMatchObject([{ median: 11 }]);
  });

  it("fails with the names of all figures that miss their target", async () => {
    const measured = await run([
      figure("good", async () => 3),
      figure("slow", async () => 3.1),
      figure("none", async () => NaN),
    ]);
    expect(() => refuseMissed(measured)).toThrow(OperationError);
    expect(() => refuseMissed(measured)).toThrow(
      /^2 of 3 figures do not keep the target:\n {2}slow\n {2}none\n/,
    );
    expect(() => refuseMissed(measured.slice(0, 1))).not.toThrow();
  });

  it("fails with what a figure fails with", async () => {
    const broken = figure("broken", async () => {
      throw new OperationError("the command ended with exit code 1");
    });
    await expect(run([broken])).rejects.toThrow("the command ended with exit code 1");
  });

  it("ends without a figure when it is interrupted", async () => {
    const stop = new AbortController();
    const interrupted = figure("interrupted", async () => {
      stop.abort();
      throw new OperationError("the command ended with exit code 143");
    });
    await expect(run([interrupted], stop.signal)).rejects.toThrow(InterruptedError);
  });
});

describe("the report", () => {
  it("is a table in 80 columns", () => {
    const measured = figures.slice(0, 3).map((one, i) => ({ ...one, median: [0.441, 12.94, 593.4][i]! }));
    expect(reportTable(measured, 5)).toBe(`\
                                                            target    measured
synth of both stacks, without CDKTF's command line          0.5 s     0.44 s
npm run up, with its programs there                         30 s      12.9 s
the sandbox with both releases, without the model server    900 MB    593 MB

medians of 5 runs`);
  });

  it("has the figures and the targets of README, in its order", () => {
    const [, section = ""] = fs
      .readFileSync(path.join(repository, "README.md"), "utf8")
      .replaceAll("`", "")
      .split("## Figures");
    const rows = [...section.matchAll(/^\| ([^|-][^|]*[^|\s]) +\| ([^|]*[^|\s]) +\| [^|]* \|$/gm)];
    expect(rows.map(([, title, aim]) => [title, aim])).toEqual(
      figures.map(({ title, atMost, unit }) => [title, `${atMost} ${unit}`]),
    );
  });
});

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
