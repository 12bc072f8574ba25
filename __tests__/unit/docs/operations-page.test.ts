import * as fs from "node:fs";
import * as path from "node:path";
import { examples, operationsPage } from "../../documented";

const tests = path.join(__dirname, "..", "..");
const page = fs.readFileSync(operationsPage, "utf8");
const documented = examples(page).map(({ name }) => name);

/** The examples that the tests hold against what a command prints. */
function claimed(): string[] {
  const files = ["cluster", "deploy", "unit/operations/platform"].flatMap((tier) =>
    fs.readdirSync(path.join(tests, tier)).map((file) => path.join(tests, tier, file)),
  );
  return files.flatMap((file) =>
    [...fs.readFileSync(file, "utf8").matchAll(/\b(?:expectDocumented|documented)\(\s*"([\w-]+)"/g)].map(
      ([, name = ""]) => name,
    ),
  );
}

test("every example of docs/operations.md is held by a test, and none is missing there", () => {
  expect([...documented].sort()).toEqual([...claimed()].sort());
  expect(documented.length).toBeGreaterThan(15);
});

test("every block of the page is an example, and no example is empty", () => {
  expect(page.match(/^```console$/gm)).toHaveLength(documented.length);
  for (const { name, output } of examples(page)) expect([name, output.trim()]).not.toEqual([name, ""]);
});

test("every npm script that the page names exists", () => {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(tests, "..", "package.json"), "utf8")) as {
    scripts: { [name: string]: string };
  };
  const named = [...page.matchAll(/npm run (?:--silent )?([a-z]+)|npm (start|test)\b/g)].map(
    ([, run, short]) => run ?? short ?? "",
  );
  expect(named.filter((name) => !scripts[name])).toEqual([]);
});
