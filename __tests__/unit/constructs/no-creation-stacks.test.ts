import { Lazy } from "cdktf";
import "../../../constructs/no-creation-stacks";

test("a token has no stack trace, and an error has", () => {
  expect(Lazy.anyValue({ produce: () => 1 })).toMatchObject({ creationStack: [] });
  expect(new Error("one").stack).toContain("no-creation-stacks.test.ts");
});
