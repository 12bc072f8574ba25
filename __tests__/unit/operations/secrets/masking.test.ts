import { Masker } from "../../../../operations/secrets/masking";
import { object } from "../diff/objects";

const long = "a-value-that-is-nowhere-else";
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("Secret data", () => {
  it("is replaced by a hash, equal for equal values, however it is written", () => {
    const masker = new Masker();
    const { data } = masker.object(
      object("Secret", { data: { a: base64("x"), b: base64("y") }, stringData: { c: "x" } }),
    );
    const { a, b, c } = data as { [key: string]: string };
    expect(a).toMatch(/^\(hidden [0-9a-f]{8}\)$/);
    expect(c).toBe(a);
    expect(b).not.toBe(a);
  });

  it("has another hash in every report, so that nothing can be looked up", () => {
    expect(new Masker().hash("x")).not.toBe(new Masker().hash("x"));
  });

  it("is hidden in the annotation in which kubectl repeats the object", () => {
    const annotations = {
      "kubectl.kubernetes.io/last-applied-configuration": `{"data":"${base64(long)}"}`,
      kept: "x",
    };
    const masked = new Masker().object(object("ConfigMap", { metadata: { annotations } }));
    expect(masked.metadata.annotations).toEqual({ kept: "x" });
  });

  it("is hidden wherever else it occurs, in clear and in base64", () => {
    const masker = new Masker();
    masker.object(object("Secret", { data: { key: base64(long) } }));
    const masked = masker.everywhere({ [long]: [`--flag=${long}`, base64(long)] });
    expect(JSON.stringify(masked)).not.toContain(long);
    expect(JSON.stringify(masked)).not.toContain(base64(long));
  });

  it("hides an ordinary word in the Secret alone", () => {
    const masker = new Masker();
    masker.object(object("Secret", { stringData: { username: "librechat" } }));
    expect(masker.text("namespace librechat")).toBe("namespace librechat");
  });

  it("hides each long line of a value of many lines: a diff shows them one by one", () => {
    const masker = new Masker();
    masker.object(object("Secret", { stringData: { file: `first-line-of-the-file\n${long}\n}` } }));
    expect(masker.text(`+  ${long}\n}`)).toMatch(/^\+ {2}\(hidden \w+\)\n\}$/);
  });
});

describe("credentials outside of Secrets", () => {
  it.each([
    ["an environment variable", { spec: { env: [{ name: "OPENAI_API_KEY", value: long }] } }],
    ["a key of a ConfigMap", { data: { MONGO_PASSWORD: long } }],
    ["a line of YAML in a ConfigMap", { data: { "librechat.yaml": `a: b\n  apiKey: "${long}"\nc: d\n` } }],
    ["a line of a list", { data: { file: `- token: ${long}\n` } }],
    ["a line of an env file", { data: { ".env": `A=b\nJWT_SECRET=${long}\n` } }],
    ["a field of a custom resource", { spec: { password: long } }],
    ["a password in a URL", { data: { uri: `mongodb://user:${long}@host/db` } }],
    ["a password in a URL with @ in it", { data: { uri: `mongodb://user:p@${long}@host/db` } }],
    ["a password in a URL with / in it", { data: { uri: `mongodb://user:p/${long}@host/db` } }],
    ["a list of keys in a line of JSON", { data: { file: `{"a":1,"apiKeys":["b","${long}"]}` } }],
    ["a list of keys in YAML in brackets", { data: { file: `x: { apiKeys: [b, ${long}] }` } }],
    ["a list of passwords", { spec: { passwords: ["", long] } }],
    ["a short word for a password", { data: { DB_PASS: long } }],
    ["a header", { spec: { headers: { Authorization: `Bearer ${long}` } } }],
    ["a header in a line of YAML", { data: { file: `headers:\n  Proxy-Authorization: Basic ${long}\n` } }],
    ["the argument behind an option", { spec: { args: ["--token", long] } }],
    ["an argument in a command line", { spec: { command: ["sh", "-c", `run --password '${long}' --fast`] } }],
    ["a variable of a command", { spec: { command: ["sh", "-c", `API_KEY=${long} run`] } }],
    ["a key in an address", { data: { uri: `https://host/v1?api_key=${long}&region=eu` } }],
    ["a connection string", { data: { uri: `Server=host;Password=${long};Database=db` } }],
  ])("are hidden: %s", (_words, fields) => {
    const masked = JSON.stringify(new Masker().object(object("ConfigMap", fields)));
    expect(masked).not.toContain(long);
    expect(masked).toMatch(/\(hidden \w{8}\)/);
  });

  it.each([
    ["the name of a Secret", { spec: { secretName: "librechat-credentials-env" } }],
    ["a reference to a variable", { data: { file: "apiKey: ${OPENAI_KEY}" } }],
    ["a switch", { data: { ALLOW_PASSWORD: "true" } }],
    ["a number", { data: { MAX_TOKEN: "2000" } }],
    ["a boolean", { automountServiceAccountToken: true }],
    ["any other text", { data: { APP_TITLE: "LibreChat", file: "models:\n  default: [llama2]\n" } }],
    ["a reference in a header", { data: { file: "Authorization: Bearer ${OPENAI_KEY}" } }],
    ["an option without a value", { spec: { args: ["--token", "--fast"] } }],
    [
      "a file of a credential",
      { spec: { args: ["--token-file=/run/token", "--private-key-file", "/run/key"] } },
    ],
    ["a word before another", { data: { file: "Basic authentication, and a bearer token" } }],
    ["a URL without a password", { data: { MONGO_URI: "mongodb://librechat-mongodb:27017/LibreChat" } }],
  ])("leave alone: %s", (_words, fields) => {
    expect(new Masker().object(object("ConfigMap", fields))).toEqual(object("ConfigMap", fields));
  });
});

test("what a program logged is hidden in the middle of its lines", () => {
  const logged = [
    `level=info password=${long} user=mira`,
    `{"headers":{"authorization":"Bearer ${long}"}}`,
    `curl -H 'Authorization: Bearer ${long}7'`,
  ].join("\n");
  const shown = new Masker().log(logged);
  expect(shown).not.toContain(long);
  expect(shown).toContain(" user=mira");
});

describe("values that Terraform marks as sensitive", () => {
  it("are hidden at their place, and wherever else they occur", () => {
    const masker = new Masker();
    const masked = masker.sensitive(
      { set_sensitive: [{ name: "a", value: long }], other: "x" },
      { set_sensitive: [{ value: true }] },
    );
    expect(masked).toEqual({ set_sensitive: [{ name: "a", value: masker.hash(long) }], other: "x" });
    expect(masker.text(`rendered: ${long}`)).toBe(`rendered: ${masker.hash(long)}`);
  });

  it("are hidden as a whole where they are a mapping", () => {
    expect(new Masker().sensitive({ a: { b: long } }, true)).toMatch(/^\(hidden/);
    expect(new Masker().sensitive(null, true)).toBeNull();
  });
});

describe("credentials that are deployed", () => {
  it("are hidden wherever they occur, but for a short word, which would hide itself everywhere", () => {
    const masker = new Masker();
    masker.learnCredentials(["a", "librechat", "short7password", long]);
    expect(masker.text("release librechat in a")).toBe("release librechat in a");
    expect(masker.text(`short7password ${long}`)).toMatch(/^\(hidden \w{8}\) \(hidden \w{8}\)$/);
  });
});
