import { credentialFaults as faultsOf, given } from "../../../settings/credentials";
import { credentials, generated } from "../../credentials";

const credentialFaults = (values: { readonly [variable: string]: string | undefined }) =>
  faultsOf(credentials, values);

const hexadecimal = "0123456789abcdef";

/** Values that are all well-formed. */
const valid = {
  jwt_secret: hexadecimal.repeat(4),
  jwt_refresh_secret: hexadecimal.repeat(4),
  creds_key: hexadecimal.repeat(4),
  creds_iv: hexadecimal.repeat(2),
  meili_master_key: hexadecimal.repeat(4),
  mongodb_password: hexadecimal.repeat(4),
  mongodb_root_password: hexadecimal.repeat(4),
};

const long = "32 to 256 characters of A-Z a-z 0-9 + / = _ . -";

test("well-formed credentials have no fault", () => {
  expect(credentialFaults(valid)).toEqual([]);
});

test("what is generated is long enough to be well-formed", () => {
  for (const { pattern, bytes } of generated) expect("f".repeat(bytes * 2)).toMatch(new RegExp(pattern));
});

test.each([
  ["jwt_secret", "32 characters", "a".repeat(32)],
  ["jwt_secret", "256 characters", "a".repeat(256)],
  ["jwt_secret", "base64", "AZaz09+/=_.-".repeat(3)],
  ["creds_key", "digits in upper case", "ABCDEF01".repeat(8)],
])("%s of %s is accepted", (variable, _what, value) => {
  expect(credentialFaults({ ...valid, [variable]: value })).toEqual([]);
});

test.each([
  ["jwt_secret", "too short", "a".repeat(31), `jwt_secret: malformed, expected ${long}, found 31 characters`],
  [
    "jwt_secret",
    "too long",
    "a".repeat(257),
    `jwt_secret: malformed, expected ${long}, found 257 characters`,
  ],
  [
    "jwt_refresh_secret",
    "of another alphabet",
    "correct horse battery staple again",
    `jwt_refresh_secret: malformed, expected ${long}, found 34 characters`,
  ],
  [
    "meili_master_key",
    "with a line break at the end",
    `${"a".repeat(32)}\n`,
    `meili_master_key: malformed, expected ${long}, found 33 characters`,
  ],
  [
    "creds_key",
    "too short",
    "a".repeat(63),
    "creds_key: malformed, expected 64 hexadecimal digits, found 63 characters",
  ],
  [
    "creds_key",
    "too long",
    "a".repeat(65),
    "creds_key: malformed, expected 64 hexadecimal digits, found 65 characters",
  ],
  [
    "creds_key",
    "not hexadecimal",
    "g".repeat(64),
    "creds_key: malformed, expected 64 hexadecimal digits, found 64 characters",
  ],
  [
    "creds_iv",
    "as long as the key",
    "a".repeat(64),
    "creds_iv: malformed, expected 32 hexadecimal digits, found 64 characters",
  ],
  ["creds_iv", "empty", "", "creds_iv: missing, expected 32 hexadecimal digits"],
  ["creds_iv", "missing", undefined, "creds_iv: missing, expected 32 hexadecimal digits"],
])("fails on %s %s, without its value", (variable, _what, value, message) => {
  const faults = credentialFaults({ ...valid, [variable]: value });
  expect(faults.map(({ text }) => text)).toEqual([message]);
  if (value) expect(JSON.stringify(faults)).not.toContain(value.trim());
});

test("fails with one line for each credential", () => {
  expect(credentialFaults({}).map(({ text }) => text)).toEqual([
    `jwt_secret: missing, expected ${long}`,
    `jwt_refresh_secret: missing, expected ${long}`,
    "creds_key: missing, expected 64 hexadecimal digits",
    "creds_iv: missing, expected 32 hexadecimal digits",
    `meili_master_key: missing, expected ${long}`,
    "mongodb_password: missing, expected 16 to 256 characters of A-Z a-z 0-9 _ . -",
    "mongodb_root_password: missing, expected 16 to 256 characters of A-Z a-z 0-9 _ . -",
  ]);
});

describe("a credential that somebody else gives", () => {
  const openai = { release: "chat", key: "OPENAI_API_KEY", variable: "openai_api_key", ...given };
  const faults = (openai_api_key: string) => faultsOf([openai], { openai_api_key });

  test.each(["sk-1", "a", 'with "words" in it', "$HOME & more"])("may be %s", (value) => {
    expect(faults(value)).toEqual([]);
  });

  test.each([" a", "a ", "a\nb", "it's", "ü"])(
    "fails for %j, which a line of a file cannot hold",
    (value) => {
      expect(faults(value)).toMatchObject([{ name: "openai_api_key", missing: false }]);
    },
  );
});
