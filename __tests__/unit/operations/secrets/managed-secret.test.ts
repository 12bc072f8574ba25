import { secretFaults } from "../../../../operations/secrets/managed-secret";
import { credentials } from "../../../../settings/credentials";

const valid = Object.fromEntries(credentials.map(({ key, bytes }) => [key, "a".repeat(bytes * 2)]));

const texts = (data: { [key: string]: string }) => secretFaults(data).map(({ text }) => text);

test("a Secret that has all keys has no fault, and may have others", () => {
  expect(secretFaults(valid)).toEqual([]);
  expect(secretFaults({ ...valid, OPENAI_API_KEY: "x" })).toEqual([]);
});

test("fails naming each key that is missing or malformed, without a value", () => {
  const others = Object.fromEntries(Object.entries(valid).filter(([key]) => key !== "CREDS_IV"));
  expect(texts({ ...others, CREDS_KEY: "sentinel" })).toEqual([
    "CREDS_KEY: malformed, expected 64 hexadecimal digits, found 8 characters",
    "CREDS_IV: missing, expected 32 hexadecimal digits",
  ]);
});

test("fails on the line break that a Secret often has at its end, and names it", () => {
  expect(texts({ ...valid, CREDS_IV: `${valid.CREDS_IV}\n` })).toEqual([
    "CREDS_IV: malformed, expected 32 hexadecimal digits, found 33 characters: a line break or space at an end is too much",
  ]);
});
