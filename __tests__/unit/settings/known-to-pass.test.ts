import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { knownToPass } from "../../../settings/known-to-pass";

const settings = path.join(__dirname, "../../../settings");
let directory: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-known-"));
});
afterEach(() => fs.rmSync(directory, { recursive: true }));

const props = (data: unknown) => ({
  data,
  package: "zod",
  checker: path.join(settings, "check.ts"),
  directory,
});

test("what passed once is not checked again, and other data is", () => {
  const data = { a: "value" };
  let checks = 0;
  const check = () => void checks++;
  knownToPass(props(data), check);
  knownToPass(props(data), check);
  expect(checks).toBe(1);
  knownToPass(props({ ...data, other: true }), check);
  knownToPass({ ...props(data), package: "yaml" }, check);
  knownToPass({ ...props(data), checker: path.join(settings, "nearest.ts") }, check);
  expect(checks).toBe(4);
});

test("what passed is forgotten when a module changes that its checker is made of, however far away", () => {
  const file = (name: string, text: string) => fs.writeFileSync(path.join(directory, name), text);
  file("checker.ts", 'import { a } from "./a";\nexport const check = () => require("./late");\n');
  file("a.ts", 'export { b as a } from "./b";\n');
  file("b.ts", "export const b = 1;\n");
  file("late.ts", "export const limit = 1;\n");
  file("other.ts", "export const other = 1;\n");
  let checks = 0;
  const check = () => {
    const checker = path.join(directory, "checker.ts");
    knownToPass({ ...props({ a: 1 }), checker, directory: path.join(directory, "kept") }, () => checks++);
    return checks;
  };
  expect([check(), check()]).toEqual([1, 1]);
  file("other.ts", "export const other = 2;\n");
  expect(check()).toBe(1);
  file("b.ts", "export const b = 2;\n");
  expect([check(), check()]).toEqual([2, 2]);
  file("late.ts", "export const limit = 2;\n");
  expect([check(), check()]).toEqual([3, 3]);
});

test("what failed is checked every time", () => {
  const data = { a: "value" };
  const check = () => {
    throw new Error("wrong");
  };
  expect(() => knownToPass(props(data), check)).toThrow("wrong");
  expect(() => knownToPass(props(data), check)).toThrow("wrong");
});
