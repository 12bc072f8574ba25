import * as fs from "node:fs";
import {
  completeCredentials,
  findCredentials,
  generateCredentials,
} from "../../../../operations/secrets/find-credentials";
import { credentialFaults } from "../../../../settings/credentials";
import { credentials, minikube } from "../../../credentials";
import { temporaryDirectory } from "../../sample-repository";

let root: string;
beforeEach(() => {
  root = temporaryDirectory();
});

const production = { ...minikube, name: "production" };
const encrypted = { ...minikube, credentials: { source: "sops" } as const };
const managed = { ...minikube, credentials: { source: "secret", name: "theirs" } as const };

/** No program is found on it. */
const noPrograms = { PATH: "/nonexistent" };

test("generated credentials are complete and well-formed, and differ every time", () => {
  expect(generateCredentials(root, minikube, {})).toEqual({
    file: "credentials/minikube.env",
    made: credentials,
    notGiven: [],
  });
  generateCredentials(root, production, {});
  const one = findCredentials(root, minikube, {});
  const other = findCredentials(root, production, {});
  expect(credentialFaults(credentials, one.values)).toEqual([]);
  const all = [...Object.values(one.values), ...Object.values(other.values)];
  expect(new Set(all).size).toBe(2 * credentials.length);
  expect(one.source).toBe("credentials/minikube.env");
});

test("only what is missing is made; what somebody else gives is named", () => {
  fs.mkdirSync(`${root}/credentials`);
  fs.writeFileSync(`${root}/credentials/minikube.env`, "TF_VAR_jwt_secret=mine\n", { mode: 0o600 });
  const more = {
    ...minikube,
    applications: {
      ...minikube.applications,
      librechat: { credentials: { OPENAI_API_KEY: "given", SESSION_KEY: "random" } },
    },
  };
  const { made, notGiven } = generateCredentials(root, more, { TF_VAR_creds_iv: "set" }) ?? {};
  expect(made?.map(({ key }) => key)).toEqual([
    "JWT_REFRESH_SECRET",
    "CREDS_KEY",
    "MEILI_MASTER_KEY",
    "SESSION_KEY",
  ]);
  expect(notGiven).toMatchObject([{ key: "OPENAI_API_KEY", variable: "openai_api_key" }]);
  expect(findCredentials(root, more, {}).values.jwt_secret).toBe("mine");
  expect(generateCredentials(root, more, { TF_VAR_creds_iv: "set" })?.made).toEqual([]);
});

test("a variable that is set goes before the file, one by one", () => {
  generateCredentials(root, minikube, {});
  const found = findCredentials(root, minikube, { TF_VAR_jwt_secret: "a".repeat(32) });
  expect(found.values.jwt_secret).toBe("a".repeat(32));
  expect(found.values.creds_iv).toMatch(/^[0-9a-f]{32}$/);
  expect(found.source).toBe("TF_VAR_jwt_secret and credentials/minikube.env");
  expect(Object.keys(completeCredentials(found))).toHaveLength(credentials.length);
});

test("where there are none, all are missing and come from nowhere", () => {
  const found = findCredentials(root, minikube, {});
  expect(found.source).toBe("nowhere");
  expect(credentialFaults(credentials, found.values)).toHaveLength(credentials.length);
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
