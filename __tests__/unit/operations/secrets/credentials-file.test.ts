import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import { CredentialsFile, credentialsFile } from "../../../../operations/secrets/credentials-file";
import { credentials } from "../../../credentials";
import { temporaryDirectory } from "../../sample-repository";

const old = "0".repeat(64);
const fresh = "1".repeat(64);
const name = "TF_VAR_jwt_secret";

let root: string;
let store: CredentialsFile;
const absolute = (): string => path.join(root, "credentials", "minikube.env");
const text = (): string => fs.readFileSync(absolute(), "utf8");
beforeEach(() => {
  root = temporaryDirectory();
  store = new CredentialsFile(root, "minikube", credentials);
});

test("what is stored is read again, and can be sourced by a shell", () => {
  expect(store.exists()).toBe(false);
  store.add({ [name]: old, TF_VAR_creds_iv: "ab" });
  expect(store.exists()).toBe(true);
  expect(store.read()).toEqual({ [name]: old, TF_VAR_creds_iv: "ab" });
  expect(text()).toMatch(/^# .*\nexport TF_VAR_jwt_secret=0{64}\nexport TF_VAR_creds_iv=ab\n$/);
  expect(store.file).toBe(credentialsFile("minikube"));
});

test("only the owner can read it", () => {
  store.add({ [name]: old });
  expect(fs.statSync(absolute()).mode & 0o777).toBe(0o600);
  expect(fs.statSync(path.dirname(absolute())).mode & 0o777).toBe(0o700);
});

test("what is added later stands after what is there, which stays as it is", () => {
  store.add({ [name]: old });
  fs.appendFileSync(absolute(), "AWS_PROFILE=mine");
  store.add({ TF_VAR_creds_iv: "ab" });
  expect(text()).toMatch(
    /^# .*\nexport TF_VAR_jwt_secret=0{64}\nAWS_PROFILE=mine\nexport TF_VAR_creds_iv=ab\n$/,
  );
  expect(fs.statSync(absolute()).mode & 0o777).toBe(0o600);
});

test.each(["a b", 'with "words"', "$HOME `id` \\ & ; #", "!x"])(
  "%j is what a shell and Node read",
  (value) => {
    store.add({ [name]: value });
    expect(store.read()).toEqual({ [name]: value });
    const { stdout } = execa.sync("bash", ["-c", `source "$1"; printf %s "$${name}"`, "bash", absolute()]);
    expect(stdout).toBe(value);
  },
);

test("fails where others can read the file, and says how to fix it", () => {
  store.add({ [name]: old });
  fs.chmodSync(absolute(), 0o644);
  expect(() => store.read()).toThrow(
    "credentials/minikube.env: others can read it, expected mode 600: run chmod 600 credentials/minikube.env",
  );
});

describe("a new value in the place of an old one", () => {
  const write = (content: string): void => {
    fs.mkdirSync(path.dirname(absolute()), { recursive: true });
    fs.writeFileSync(absolute(), content, { mode: 0o600 });
  };

  test.each([
    ["as it is generated", `export ${name}=${old}\n`, `export ${name}=${fresh}\n`],
    ["without export", `${name}=${old}\n`, `${name}=${fresh}\n`],
    ["in quotes", `export ${name}="${old}"\n`, `export ${name}=${fresh}\n`],
    ["without a last line break", `${name}=${old}`, `${name}=${fresh}`],
    ["twice", `${name}=${old}\n${name}=${old}\n`, `${name}=${fresh}\n${name}=${fresh}\n`],
    [
      "between other lines",
      `# mine\nAWS_PROFILE=a\nexport ${name}=${old}\nTF_VAR_jwt_secret_old=b\n`,
      `# mine\nAWS_PROFILE=a\nexport ${name}=${fresh}\nTF_VAR_jwt_secret_old=b\n`,
    ],
  ])("%s", (_how, before, after) => {
    write(before);
    store.replace(name, fresh);
    expect(text()).toBe(after);
    expect(store.read()[name]).toBe(fresh);
  });

  test("is written at once: the file is another one, with the same permissions, and nothing lies beside it", () => {
    write(`${name}=${old}\n`);
    const { ino } = fs.statSync(absolute());
    store.replace(name, fresh);
    expect(fs.statSync(absolute()).ino).not.toBe(ino);
    expect(fs.statSync(absolute()).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(path.dirname(absolute()))).toEqual(["minikube.env"]);
  });

  test("a link stays one", () => {
    const elsewhere = path.join(root, "elsewhere.env");
    fs.writeFileSync(elsewhere, `${name}=${old}\n`, { mode: 0o600 });
    fs.mkdirSync(path.dirname(absolute()));
    fs.symlinkSync(elsewhere, absolute());
    store.replace(name, fresh);
    expect(fs.lstatSync(absolute()).isSymbolicLink()).toBe(true);
    expect(fs.readFileSync(elsewhere, "utf8")).toBe(`${name}=${fresh}\n`);
  });

  test("fails where the old one would stay in a comment, without showing it", () => {
    const before = `# before that: ${old}\n${name}=${old}\n`;
    write(before);
    const attempt = (): void => store.replace(name, fresh);
    expect(attempt).toThrow(
      "credentials/minikube.env: TF_VAR_jwt_secret: its value stands in another place of the file, too",
    );
    expect(attempt).not.toThrow(new RegExp(`${old}|${fresh}`));
    expect(text()).toBe(before);
  });

  test("another variable may have the same value, and keeps it", () => {
    write(`${name}=${old}\nTF_VAR_other=${old}\n`);
    store.replace(name, fresh);
    expect(text()).toBe(`${name}=${fresh}\nTF_VAR_other=${old}\n`);
  });

  test("fails where there is none", () => {
    write("export TF_VAR_creds_iv=ab\n");
    expect(() => store.replace(name, fresh)).toThrow(
      "credentials/minikube.env: TF_VAR_jwt_secret: expected a line TF_VAR_jwt_secret=VALUE: write it that way first",
    );
  });
});
