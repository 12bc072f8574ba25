import { secretFaults } from "../../../../operations/secrets/managed-secret";
import { secretsOf } from "../../../../applications/credentials";
import { secretData } from "../../../../applications/release-secrets";
import { generated, minikube } from "../../../credentials";

const [web] = secretsOf(minikube);
if (!web) throw new Error("LibreChat reads no Secret");
const values = Object.fromEntries(generated.map(({ variable, bytes }) => [variable, "a".repeat(bytes * 2)]));
const valid: { readonly [key: string]: string } = secretData(web, values);

const texts = (data: { [key: string]: string }) => secretFaults(web, data).map(({ text }) => text);

test("a Secret that has all keys has no fault, and may have others", () => {
  expect(texts(valid)).toEqual([]);
  expect(texts({ ...valid, OPENAI_API_KEY: "x" })).toEqual([]);
});

test("fails naming each key that is missing or malformed, without a value", () => {
  const others = Object.fromEntries(Object.entries(valid).filter(([key]) => key !== "CREDS_IV"));
  expect(texts({ ...others, CREDS_KEY: "sentinel" })).toEqual([
    "CREDS_KEY: malformed, expected 64 hexadecimal digits, found 8 characters",
    "CREDS_IV: missing, expected 32 hexadecimal digits",
  ]);
});

test("what is made around a credential may be whatever its filler says", () => {
  expect(texts({ ...valid, MONGO_URI: "mongodb://elsewhere:27017/chat" })).toEqual([]);
  expect(texts({ ...valid, MONGO_URI: "" })).toEqual([expect.stringMatching(/^MONGO_URI: missing/)]);
});

test("fails on the line break that a Secret often has at its end, and names it", () => {
  expect(texts({ ...valid, CREDS_IV: `${valid.CREDS_IV}\n` })).toEqual([
    "CREDS_IV: malformed, expected 32 hexadecimal digits, found 33 characters: a line break or space at an end is too much",
  ]);
});
