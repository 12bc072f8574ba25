import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { completeCredentials, findCredentials, generateCredentials } from "../../../secrets/credentials-file";
import { credentialFaults } from "../../../settings/credentials";

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-credentials-"));
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const file = (): string => path.join(root, "credentials", "minikube.env");

test("generated credentials are complete and well-formed, and differ every time", () => {
  generateCredentials(root, "minikube");
  generateCredentials(root, "production");
  const one = findCredentials(root, "minikube", {});
  const other = findCredentials(root, "production", {});
  expect(credentialFaults(one.values)).toEqual([]);
  const all = [...Object.values(one.values), ...Object.values(other.values)];
  expect(new Set(all).size).toBe(10);
  expect(one.source).toBe("credentials/minikube.env");
});

test("only the owner can read them", () => {
  generateCredentials(root, "minikube");
  expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
  expect(fs.statSync(path.dirname(file())).mode & 0o777).toBe(0o700);
});

test("fails instead of overwriting, and changes nothing", () => {
  generateCredentials(root, "minikube");
  const before = fs.readFileSync(file(), "utf8");
  expect(() => generateCredentials(root, "minikube")).toThrow(
    /^credentials\/minikube\.env: exists and is not overwritten/,
  );
  expect(fs.readFileSync(file(), "utf8")).toBe(before);
});

test("fails where others can read the file, and says how to mend it", () => {
  generateCredentials(root, "minikube");
  fs.chmodSync(file(), 0o644);
  expect(() => findCredentials(root, "minikube", {})).toThrow(
    "credentials/minikube.env: others can read it, expected mode 600: run chmod 600 credentials/minikube.env",
  );
});

test("a variable that is set goes before the file, one by one", () => {
  generateCredentials(root, "minikube");
  const found = findCredentials(root, "minikube", { TF_VAR_jwt_secret: "a".repeat(32) });
  expect(found.values.jwt_secret).toBe("a".repeat(32));
  expect(found.values.creds_iv).toMatch(/^[0-9a-f]{32}$/);
  expect(found.source).toBe("TF_VAR_jwt_secret and credentials/minikube.env");
  expect(Object.keys(completeCredentials(found))).toHaveLength(5);
});

test("where there are none, all are missing and come from nowhere", () => {
  const found = findCredentials(root, "minikube", {});
  expect(found.source).toBe("nowhere");
  expect(credentialFaults(found.values)).toHaveLength(5);
});
