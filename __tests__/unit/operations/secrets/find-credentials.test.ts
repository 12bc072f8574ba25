import * as fs from "node:fs";
import {
  completeCredentials,
  findCredentials,
  generateCredentials,
} from "../../../../operations/secrets/find-credentials";
import { credentialFaults, credentials } from "../../../../settings/credentials";
import { temporaryDirectory } from "../../sample-repository";

let root: string;
beforeEach(() => {
  root = temporaryDirectory();
});

const minikube = { name: "minikube", credentials: { source: "file" } } as const;
const production = { name: "production", credentials: { source: "file" } } as const;
const encrypted = { name: "minikube", credentials: { source: "sops" } } as const;
const managed = { name: "minikube", credentials: { source: "secret", name: "theirs" } } as const;

/** No program is found on it. */
const noPrograms = { PATH: "/nonexistent" };

test("generated credentials are complete and well-formed, and differ every time", () => {
  expect(generateCredentials(root, minikube, {})).toBe("credentials/minikube.env");
  generateCredentials(root, production, {});
  const one = findCredentials(root, minikube, {});
  const other = findCredentials(root, production, {});
  expect(credentialFaults(one.values)).toEqual([]);
  const all = [...Object.values(one.values), ...Object.values(other.values)];
  expect(new Set(all).size).toBe(10);
  expect(one.source).toBe("credentials/minikube.env");
});

test("a variable that is set goes before the file, one by one", () => {
  generateCredentials(root, minikube, {});
  const found = findCredentials(root, minikube, { TF_VAR_jwt_secret: "a".repeat(32) });
  expect(found.values.jwt_secret).toBe("a".repeat(32));
  expect(found.values.creds_iv).toMatch(/^[0-9a-f]{32}$/);
  expect(found.source).toBe("TF_VAR_jwt_secret and credentials/minikube.env");
  expect(Object.keys(completeCredentials(found))).toHaveLength(5);
});

test("where there are none, all are missing and come from nowhere", () => {
  const found = findCredentials(root, minikube, {});
  expect(found.source).toBe("nowhere");
  expect(credentialFaults(found.values)).toHaveLength(5);
});

test("where all variables are set, the file is not read: a machine that has them needs no sops", () => {
  fs.mkdirSync(`${root}/environments`);
  fs.writeFileSync(`${root}/environments/minikube.sops.env`, "TF_VAR_jwt_secret=ENC[…]\n");
  const set = Object.fromEntries(credentials.map(({ variable }) => [`TF_VAR_${variable}`, "0".repeat(32)]));
  const found = findCredentials(root, encrypted, { ...noPrograms, ...set });
  expect(found.source).toBe("the variables TF_VAR_…");
  const others = { ...set, TF_VAR_creds_iv: undefined };
  expect(() => findCredentials(root, encrypted, { ...noPrograms, ...others })).toThrow("sops is not on PATH");
});

test("where somebody else keeps them, none are made and none are found", () => {
  expect(generateCredentials(root, managed, {})).toBeUndefined();
  expect(findCredentials(root, managed, {}).source).toBe("nowhere");
});
