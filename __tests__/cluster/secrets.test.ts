import execa from "execa";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { secretsOf } from "../../applications/credentials";
import { secretData } from "../../applications/release-secrets";
import { credentials, minikube } from "../credentials";
import { type Clone, sentinels } from "../clone";
import { havingPrograms } from "../skipped-unless";
import { cloneWithCluster } from "./cluster";

jest.setTimeout(120_000);

let clone: Clone;

beforeAll(async () => {
  clone = await cloneWithCluster();
}, 600_000);
afterAll(() => clone.remove());

const secrets = (args: readonly string[], variables: NodeJS.ProcessEnv = {}) =>
  clone.npm("secrets", [...args, "--environment", "sandbox"], variables);

/** Where the sandbox's credentials come from, for the tests that follow. */
let settings = "";
function source(credentials: string): void {
  const file = "environments/sandbox.yaml";
  const text = clone.read(file).replace(settings, "");
  settings = `\ncredentials: ${credentials}\n`;
  fs.writeFileSync(clone.file(file), text + settings);
}

describe("credentials in a file", () => {
  const values = sentinels("file");
  beforeEach(() => {
    source("{ source: file }");
    clone.writeCredentials(values);
  });

  test("rotate --no-deploy stores a new value, and the old one is nowhere", async () => {
    const { exitCode, output } = await secrets(["rotate", "JWT_SECRET", "--no-deploy", "--yes"]);
    expect(output).toBe(
      [
        "JWT_SECRET of sandbox, in credentials/sandbox.env: a new random value",
        "  open pages get a new token by themselves",
        "JWT_SECRET: credentials/sandbox.env has a new value; the old one is in it no more",
        "the cluster still has the old one: npm run deploy -- --environment sandbox",
      ].join("\n"),
    );
    expect(exitCode).toBe(0);
    const text = clone.read("credentials/sandbox.env");
    expect(text).not.toContain(values.jwt_secret);
    expect(text).toMatch(/jwt_secret=[0-9a-f]{64}\n/);
    for (const { variable } of credentials.slice(1)) expect(text).toContain(values[variable]);
    expect(fs.statSync(clone.file("credentials/sandbox.env")).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(clone.file("credentials"))).toEqual(["sandbox.env"]);
    expect((await secrets(["check"])).output).toBe(
      `${credentials.length} credentials, complete and well-formed, from credentials/sandbox.env`,
    );
  });

  test("fails where nobody can answer, and stores nothing", async () => {
    const { exitCode, output } = await secrets(["rotate", "JWT_SECRET", "--no-deploy"]);
    expect(exitCode).toBe(1);
    expect(output).toContain("nobody can answer here: say so with --yes");
    expect(clone.read("credentials/sandbox.env")).toContain(values.jwt_secret);
  });

  test.each(["CREDS_KEY", "CREDS_IV"])(
    "fails for %s with --yes alone, and says what would be lost",
    async (key) => {
      const before = clone.read("credentials/sandbox.env");
      const { exitCode, output } = await secrets(["rotate", key, "--no-deploy", "--yes"]);
      expect(exitCode).toBe(1);
      expect(output).toContain(`${key} encrypts the API keys that users stored`);
      expect(output).toContain(
        `nobody can answer here, and --yes does not: type the credential's name with --lose-stored-keys=${key}`,
      );
      const other = await secrets([
        "rotate",
        key,
        "--no-deploy",
        "--yes",
        "--lose-stored-keys",
        "JWT_SECRET",
      ]);
      expect(other.output).toContain(`expected the credential's name, ${key}, found "JWT_SECRET"`);
      expect(clone.read("credentials/sandbox.env")).toBe(before);

      const typed = await secrets(["rotate", key, "--no-deploy", "--yes", `--lose-stored-keys=${key}`]);
      expect(typed.exitCode).toBe(0);
      expect(clone.read("credentials/sandbox.env")).not.toBe(before);
    },
  );

  test("fails where a variable goes before the file, without showing it", async () => {
    const { exitCode, output } = await secrets(["rotate", "JWT_SECRET", "--no-deploy", "--yes"], {
      TF_VAR_jwt_secret: values.jwt_secret,
    });
    expect(exitCode).toBe(1);
    expect(output).toContain("TF_VAR_jwt_secret: is set and goes before credentials/sandbox.env");
    expect(output).not.toContain(values.jwt_secret);
  });

  test("fails for a name that is none", async () => {
    const { exitCode, output } = await secrets(["rotate", "JWT_SECRT"]);
    expect(exitCode).toBe(1);
    expect(output).toContain('found "JWT_SECRT", did you mean JWT_SECRET?');
  });
});

describe("a credential that somebody else gives", () => {
  const key = "sk-with 'a' \"few\" $signs".replaceAll("'", "");
  const others = sentinels("given");
  beforeEach(() => {
    source("{ source: file }");
    clone.writeCredentials(others);
    clone.replace(
      "environments/sandbox.yaml",
      "  librechat:\n",
      "  librechat:\n    credentials: { OPENAI_API_KEY: given }\n",
    );
  });
  afterEach(() =>
    clone.replace("environments/sandbox.yaml", "    credentials: { OPENAI_API_KEY: given }\n", ""),
  );

  test("is asked for where it is missing, not made, and stored from standard input", async () => {
    const missing = await secrets(["check"]);
    expect([missing.exitCode, missing.output]).toEqual([
      1,
      expect.stringContaining("give the value: npm run secrets -- set OPENAI_API_KEY --environment sandbox"),
    ]);
    expect((await secrets(["generate"])).output).toContain(
      "OPENAI_API_KEY: whoever runs its service gives it: npm run secrets -- set OPENAI_API_KEY --environment sandbox",
    );
    const set = (input: string) =>
      clone.process("bash", [
        "-c",
        'printf %s "$1" | node operations/entry.mjs secrets set OPENAI_API_KEY --environment sandbox',
        "bash",
        input,
      ]);
    expect(await set(`${key}\n`)).toEqual({
      exitCode: 0,
      output:
        "OPENAI_API_KEY: credentials/sandbox.env has it; npm run deploy -- --environment sandbox rolls it out",
    });
    expect((await secrets(["check"])).output).toContain(`${credentials.length + 1} credentials, complete`);
    const malformed = await set("it's wrong");
    expect(malformed.exitCode).toBe(1);
    expect(malformed.output).toContain(
      "OPENAI_API_KEY: malformed, expected printable ASCII characters but '",
    );
    expect(malformed.output).not.toContain("wrong");
    expect((await set("another-key")).exitCode).toBe(0);
    expect((await set("another-key")).output).toBe(
      "OPENAI_API_KEY: credentials/sandbox.env has this value already",
    );
    expect(clone.read("credentials/sandbox.env")).not.toContain(key);
    expect(clone.read("credentials/sandbox.env")).toMatch(/^export TF_VAR_openai_api_key=another-key$/m);
  });

  test("is not rotated here: who runs its service makes a new one", async () => {
    const { exitCode, output } = await secrets(["rotate", "OPENAI_API_KEY", "--yes"]);
    expect(exitCode).toBe(1);
    expect(output).toContain("OPENAI_API_KEY: whoever runs its service gives it: have a new one made there");
  });

  test("what encrypts is not replaced without a question", async () => {
    const before = clone.read("credentials/sandbox.env");
    const { exitCode, output } = await clone.process("bash", [
      "-c",
      `printf %064d 7 | node operations/entry.mjs secrets set CREDS_KEY --environment sandbox`,
    ]);
    expect(exitCode).toBe(1);
    expect(output).toContain("npm run secrets -- rotate CREDS_KEY makes one after a question");
    expect(clone.read("credentials/sandbox.env")).toBe(before);
  });

  test("nor is the password of a database that keeps it in its data", async () => {
    const { exitCode, output } = await secrets(["rotate", "MONGODB_PASSWORD", "--yes"]);
    expect(exitCode).toBe(1);
    expect(output).toBe(
      'MONGODB_PASSWORD: MongoDB keeps it in its data: see "The password of MongoDB" in docs/operations.md',
    );
  });
});

describe("credentials in a file that sops encrypts", () => {
  const file = "environments/sandbox.sops.env";
  const withSops = havingPrograms("sops", "age-keygen");

  /** A key of age, and a rule by which sops encrypts for it. */
  function key(name: string): NodeJS.ProcessEnv {
    const identity = clone.file(`home/${name}.txt`);
    fs.mkdirSync(path.dirname(identity), { recursive: true });
    execa.sync("age-keygen", ["-o", identity]);
    return { SOPS_AGE_KEY_FILE: identity };
  }
  const recipient = (identity: NodeJS.ProcessEnv): string =>
    /age1\w+/.exec(fs.readFileSync(identity.SOPS_AGE_KEY_FILE ?? "", "utf8"))?.[0] ?? "";

  let mine: NodeJS.ProcessEnv;
  beforeAll(() => {
    source("{ source: sops }");
    fs.rmSync(clone.file("credentials"), { recursive: true, force: true });
  });

  withSops("fails to encrypt where no rule says for whom, and makes no file", async () => {
    const { exitCode, output } = await secrets(["generate"]);
    expect(exitCode).toBe(1);
    expect(output).toContain(`${file}: sops does not know for whom to encrypt it: add a creation rule`);
    expect(output).toContain(`path_regex: ^environments/sandbox\\.sops\\.env$`);
    expect(fs.existsSync(clone.file(file))).toBe(false);
  });

  withSops("generate encrypts at once, check and revision decrypt, and no file is in clear", async () => {
    mine = key("mine");
    fs.writeFileSync(
      clone.file(".sops.yaml"),
      `creation_rules: [{ path_regex: ^environments/sandbox\\.sops\\.env$, age: ${recipient(mine)} }]\n`,
    );
    expect((await secrets(["generate"])).output).toBe(
      `made ${credentials.map((one) => one.key).join(", ")} in ${file} (encrypted by sops: commit it): npm run deploy -- --environment sandbox uses them`,
    );
    expect(clone.read(file).match(/^TF_VAR_\w+=ENC\[AES256_GCM/gm)).toHaveLength(credentials.length);
    expect((await secrets(["check"], mine)).output).toBe(
      `${credentials.length} credentials, complete and well-formed, from ${file}`,
    );
    const { output } = await secrets(["revision"], mine);
    expect(JSON.parse(output)).toMatchObject({ librechat_web: expect.any(Number) });
    expect((await secrets(["revision"], mine)).output).toBe(output);
    const values = decrypted(clone, file, mine);
    for (const value of Object.values(values)) expect(clone.filesWith(value)).toEqual([]);
    // Bare cdktf gets them from sops itself.
    const bare = await clone.process("sops", ["exec-env", file, "printenv TF_VAR_creds_iv"], mine);
    expect(bare.output.trim()).toBe(values.TF_VAR_creds_iv);
    // It is no environment of its own, whatever its ending.
    fs.copyFileSync(clone.file(file), clone.file("environments/sandbox.sops.yaml"));
    expect((await clone.npm("start", ["--environment", "nowhere"])).output).not.toContain("sandbox.sops");
    fs.rmSync(clone.file("environments/sandbox.sops.yaml"));
  });

  withSops("what an option that is off would read stays in it, and is no fault", async () => {
    const authentication = "    mongodb: { authentication: true }\n";
    clone.replace("environments/sandbox.yaml", authentication, "");
    const { exitCode, output } = await secrets(["check"], mine);
    clone.replace("environments/sandbox.yaml", "  librechat:\n", `  librechat:\n${authentication}`);
    expect(output).toContain(
      `${credentials.length - 2} credentials, complete and well-formed, from ${file}\n`,
    );
    expect(exitCode).toBe(0);
    expect(clone.read(file)).toMatch(/^TF_VAR_mongodb_password=ENC/m);
  });

  withSops("rotate changes one value, keeps the others and the readers of the file", async () => {
    const before = decrypted(clone, file, mine);
    const lines = clone.read(file).split("\n");
    const { exitCode, output } = await secrets(["rotate", "jwt_secret", "--no-deploy", "--yes"], mine);
    expect(output).toContain("Git's history keeps the old value, encrypted");
    expect(exitCode).toBe(0);
    const after = decrypted(clone, file, mine);
    expect(after.TF_VAR_jwt_secret).toMatch(/^[0-9a-f]{64}$/);
    expect(after.TF_VAR_jwt_secret).not.toBe(before.TF_VAR_jwt_secret);
    expect({ ...after, TF_VAR_jwt_secret: "" }).toEqual({ ...before, TF_VAR_jwt_secret: "" });
    // What a reviewer sees: the value, and what sops says of the file.
    const changed = clone.read(file).split("\n");
    expect(changed.filter((line) => !lines.includes(line)).map((line) => line.split("=")[0])).toEqual([
      "TF_VAR_jwt_secret",
      "sops_lastmodified",
      "sops_mac",
    ]);
    expect(fs.readdirSync(clone.file("environments")).filter((name) => name.startsWith("."))).toEqual([]);
    for (const value of [...Object.values(before), ...Object.values(after)]) {
      expect(output).not.toContain(value);
      expect(clone.filesWith(value)).toEqual([]);
    }
  });

  withSops("fails where no key fits, and says so", async () => {
    const before = clone.read(file);
    for (const args of [["check"], ["rotate", "JWT_SECRET", "--no-deploy", "--yes"]]) {
      const { exitCode, output } = await secrets(args, key(`other-${args[0]}`));
      expect(exitCode).toBe(1);
      expect(output).toContain(`${file}: sops could not decrypt it: no key that is here decrypts it`);
      expect(output).toContain("SOPS_AGE_KEY_FILE");
    }
    expect(clone.read(file)).toBe(before);
  });

  withSops("fails for a file that is damaged or was never encrypted, without a value of it", async () => {
    const before = clone.read(file);
    fs.writeFileSync(clone.file(file), before.replace(/(TF_VAR_creds_iv=ENC\[AES256_GCM,data:)./, "$1!"));
    const damaged = await secrets(["check"], mine);
    expect(damaged.output).toContain(`${file}: sops could not decrypt it: sops says more of it`);
    fs.writeFileSync(clone.file(file), "TF_VAR_jwt_secret=sentinel-in-clear\n");
    const clear = await secrets(["check"], mine);
    expect(clear.output).toContain(`${file}: sops could not decrypt it: it is not encrypted`);
    expect(clear.output).not.toContain("sentinel");
    expect([damaged.exitCode, clear.exitCode]).toEqual([1, 1]);
    fs.writeFileSync(clone.file(file), before);
  });

  withSops("fails for a key that it does not know, and names the right one", async () => {
    const wrong = "environments/wrong.sops.json";
    source(`{ source: sops, file: ${wrong} }`);
    const { stdout } = await execa(
      "sops",
      ["encrypt", "--age", recipient(mine), "--filename-override", "a.json"],
      {
        // Outside of the clone, whose rules are not for this file.
        cwd: os.tmpdir(),
        input: JSON.stringify({ JWT_SECRET: "sentinel-value" }),
      },
    );
    fs.writeFileSync(clone.file(wrong), stdout);
    const { exitCode, output } = await secrets(["check"], mine);
    expect(exitCode).toBe(1);
    expect(output).toContain(`${wrong}: JWT_SECRET: unknown key, did you mean TF_VAR_jwt_secret?`);
    expect(output).not.toContain("sentinel-value");
  });

  test("fails where sops is not on PATH, and says what else there is", async () => {
    source("{ source: sops, file: environments/elsewhere.sops.env }");
    fs.writeFileSync(clone.file("environments/elsewhere.sops.env"), "TF_VAR_jwt_secret=ENC[]\n");
    const { exitCode, output } = await secrets(["check"], { PATH: path.dirname(process.execPath) });
    expect(exitCode).toBe(1);
    expect(output).toBe(
      "environments/elsewhere.sops.env is encrypted by sops, and the program sops is not on PATH: " +
        "install it (https://getsops.io/docs/#download), or set the variables TF_VAR_… of all credentials",
    );
  });
});

describe("credentials in a Secret that somebody else fills", () => {
  const values = sentinels("theirs");
  const data: { [key: string]: string } = Object.assign(
    {},
    ...secretsOf(minikube).map((secret) => secretData(secret, values)),
  );
  const filled =
    "credentials.source in environments/sandbox.yaml is secret: somebody else fills librechat/theirs";
  const apply = (stringData: { readonly [key: string]: string }) =>
    execa(
      process.env.KUBECTL ?? "kubectl",
      ["--kubeconfig", clone.file(".sandbox/kubeconfig"), "apply", "--server-side", "--filename=-"],
      {
        input: JSON.stringify({
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: "theirs", namespace: "librechat" },
          stringData,
        }),
      },
    );
  beforeAll(() => source("{ source: secret, name: theirs }"));

  test("is not checked as long as its namespace is not there", async () => {
    const { exitCode, output } = await secrets(["check"]);
    expect(output).toBe(
      [
        `not checked: ${filled}`,
        "the namespace librechat is not there yet: its pods wait until somebody makes the Secret theirs in it, and the deploy after that restarts them once",
      ].join("\n"),
    );
    expect(exitCode).toBe(0);
    expect((await secrets(["revision"])).output).toBe("{}");
  });

  test("fails where it is missing, then where a key is missing or malformed, without a value", async () => {
    await clone.kubectl("create", "namespace", "librechat");
    const absent = await secrets(["check"]);
    expect(absent).toEqual({
      exitCode: 1,
      output: [
        "credentials of sandbox (the Secret librechat/theirs in the context sandbox):",
        "  missing",
        "  correct it where it is made, with the keys JWT_SECRET, JWT_REFRESH_SECRET, CREDS_KEY, CREDS_IV, MEILI_MASTER_KEY, MONGO_URI, mongodb-passwords, mongodb-root-password, not here: credentials.source in environments/sandbox.yaml is secret",
      ].join("\n"),
    });
    const others = Object.entries(data).filter(([key]) => key !== "MEILI_MASTER_KEY");
    await apply({ ...Object.fromEntries(others), CREDS_IV: `${data.CREDS_IV}\n` });
    const faulty = await secrets(["check"]);
    expect(faulty.exitCode).toBe(1);
    expect(faulty.output).toContain(
      "CREDS_IV: malformed, expected 32 hexadecimal digits, found 33 characters: a line break or space at an end is too much",
    );
    expect(faulty.output).toContain("MEILI_MASTER_KEY: missing, expected 32 to 256 characters");
    expect(faulty.output).toContain("correct it where it is made (kubectl");
    for (const value of Object.values(values)) expect(faulty.output).not.toContain(value);
  });

  test("is complete once it has all keys, and its revision differs whenever anything in it does", async () => {
    await apply(data);
    const { exitCode, output } = await secrets(["check"], { TF_VAR_jwt_secret: values.jwt_secret });
    expect(output).toMatch(
      /^7 credentials, complete and well-formed, from the Secret librechat\/theirs, made by kubectl/,
    );
    expect(output).toContain(`TF_VAR_jwt_secret: set and not used: ${filled}`);
    expect(output).not.toContain(values.jwt_secret);
    expect(exitCode).toBe(0);
    const revision = async () => (await secrets(["revision"])).output;
    const first = await revision();
    expect(JSON.parse(first)).toMatchObject({ librechat_web: expect.any(Number) });
    expect(await revision()).toBe(first);
    await apply({ ...data, OPENAI_API_KEY: "another-key-of-theirs" });
    expect(await revision()).not.toBe(first);
  });

  test("is neither generated nor rotated here", async () => {
    const generated = await secrets(["generate"]);
    expect(generated.output).toContain(`${filled}: nothing was made`);
    const rotated = await secrets(["rotate", "JWT_SECRET", "--yes"]);
    expect(rotated.output).toContain(`JWT_SECRET: ${filled}: replace it there, then run npm run deploy`);
    expect([generated.exitCode, rotated.exitCode]).toEqual([1, 1]);
  });

  test("fails where the API server is away", async () => {
    await clone.pauseCluster();
    try {
      const { exitCode, output } = await secrets(["check"]);
      expect(exitCode).toBe(1);
      expect(output).toContain(
        "the Secret librechat/theirs: the API server of the context sandbox does not answer",
      );
    } finally {
      await clone.startCluster();
    }
  });
});

function decrypted(clone: Clone, file: string, identity: NodeJS.ProcessEnv): { [name: string]: string } {
  const { stdout } = execa.sync("sops", ["decrypt", "--output-type", "json", clone.file(file)], {
    env: identity,
  });
  return JSON.parse(stdout);
}
