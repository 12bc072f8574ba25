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

test("what failed is checked every time", () => {
  const data = { a: "value" };
  const check = () => {
    throw new Error("wrong");
  };
  expect(() => knownToPass(props(data), check)).toThrow("wrong");
  expect(() => knownToPass(props(data), check)).toThrow("wrong");
});
