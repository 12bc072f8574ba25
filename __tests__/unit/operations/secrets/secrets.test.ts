import * as fs from "node:fs";
import * as path from "node:path";
import { check } from "../../../../operations/secrets/check";
import { deployCredentials, wellFormed } from "../../../../operations/secrets/deploy-credentials";
import { generate } from "../../../../operations/secrets/generate";
import type { CredentialsSource } from "../../../../settings/credentials-source";
import type { Environment } from "../../../../settings/environment";
import { credentials, minikube } from "../../../credentials";
import { temporaryDirectory } from "../../sample-repository";

let root: string;
let printed: string[];
beforeEach(() => {
  root = temporaryDirectory();
  printed = [];
});

const context = (
  variables: { [name: string]: string } = {},
  source: CredentialsSource = { source: "file" },
) => ({
  root,
  environment: { ...minikube, credentials: source } as Environment,
  variables,
});
const print = (line: string): void => void printed.push(line);

test("generate, check and the revision show no value", async () => {
  generate(context(), print);
  await check(context(), print);
  print(JSON.stringify((await deployCredentials(context())).revisions));
  const values = [
    ...fs.readFileSync(path.join(root, "credentials/minikube.env"), "utf8").matchAll(/=(\w+)/g),
  ];
  expect(values).toHaveLength(credentials.length);
  for (const [, value = ""] of values) expect(printed.join("\n")).not.toContain(value);
  expect(printed[0]).toBe(
    `made ${credentials.map(({ key }) => key).join(", ")} in credentials/minikube.env (mode 600): npm run deploy -- --environment minikube uses them`,
  );
  expect(printed[1]).toBe(
    `${credentials.length} credentials, complete and well-formed, from credentials/minikube.env`,
  );
  expect(printed[2]).toMatch(/^\{"librechat_web":\d+,"librechat_mongodb":\d+,"librechat_meilisearch":\d+\}$/);
});

test("fails naming every credential that is missing, and how to make them", () => {
  expect(() => wellFormed(context())).toThrow(
    [
      "credentials of minikube (looked in TF_VAR_… and credentials/minikube.env):",
      "  jwt_secret: missing, expected 32 to 256 characters of A-Z a-z 0-9 + / = _ . -",
      "  jwt_refresh_secret: missing, expected 32 to 256 characters of A-Z a-z 0-9 + / = _ . -",
      "  creds_key: missing, expected 64 hexadecimal digits",
      "  creds_iv: missing, expected 32 hexadecimal digits",
      "  meili_master_key: missing, expected 32 to 256 characters of A-Z a-z 0-9 + / = _ . -",
      "  mongodb_password: missing, expected 16 to 256 characters of A-Z a-z 0-9 _ . -",
      "  mongodb_root_password: missing, expected 16 to 256 characters of A-Z a-z 0-9 _ . -",
      "  make what is missing with: npm run secrets -- generate --environment minikube; or set TF_VAR_… of what is missing",
    ].join("\n"),
  );
  expect(() => wellFormed(context({}, { source: "sops", file: "chat.sops.yaml" }))).toThrow(
    "credentials of minikube (looked in TF_VAR_… and chat.sops.yaml):",
  );
});

test("fails in parts, too: what was found in one line, and what to do next", () => {
  const variables = { TF_VAR_creds_key: "a".repeat(64), TF_VAR_creds_iv: "short" };
  expect(() => wellFormed(context(variables))).toThrow(
    expect.objectContaining({
      found:
        "missing: jwt_secret, jwt_refresh_secret, meili_master_key, mongodb_password, mongodb_root_password; " +
        "creds_iv: malformed, expected 32 hexadecimal digits, found 5 characters " +
        "(looked in TF_VAR_… and credentials/minikube.env)",
      next: expect.stringMatching(
        /^make what is missing with: npm run secrets -- generate .*; correct what is malformed in TF_VAR_creds_key/,
      ),
    }),
  );
});

test("fails naming a malformed one and where it is, never what it is", () => {
  generate(context(), print);
  const attempt = () => wellFormed(context({ TF_VAR_creds_iv: "sentinel-value" }));
  expect(attempt).toThrow("creds_iv: malformed, expected 32 hexadecimal digits, found 14 characters");
  expect(attempt).toThrow("correct what is malformed in TF_VAR_creds_iv and credentials/minikube.env");
  expect(attempt).not.toThrow(/sentinel-value/);
});

test("where somebody else fills the Secret nothing is needed here, and nothing is made", () => {
  const managed = context({}, { source: "secret", name: "theirs" });
  expect(wellFormed(managed)).toEqual({
    values: {},
    unread: [],
    source:
      "credentials.source in environments/minikube.yaml is secret: somebody else fills librechat/theirs",
  });
  expect(() => generate(managed, print)).toThrow(
    "credentials.source in environments/minikube.yaml is secret: somebody else fills librechat/theirs: nothing was made",
  );
});

test.each([
  ["its name among the variables", "TF_VAR_jwt_secert", "TF_VAR_jwt_secret"],
  ["the name by which pods read it", "JWT_SECRET", "TF_VAR_jwt_secret"],
  ["its name without its beginning", "creds_key", "TF_VAR_creds_key"],
])("fails where the file has a credential by %s", async (_what, key, right) => {
  generate(context(), print);
  const file = path.join(root, "credentials/minikube.env");
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace(`${right}=`, `${key}=`));
  await expect(deployCredentials(context())).rejects.toThrow(
    `credentials/minikube.env: ${key}: unknown key, did you mean ${right}? (allowed: TF_VAR_jwt_secret, `,
  );
  expect(() => generate(context(), print)).toThrow(`${key}: unknown key`);
});

test("what else stands in the file is told, and kept: it may be of a release that does not run", async () => {
  generate(context(), print);
  fs.appendFileSync(path.join(root, "credentials/minikube.env"), "export TF_VAR_openai_api_key=sk-abc\n");
  expect((await deployCredentials(context())).notes).toEqual([
    "credentials/minikube.env: TF_VAR_openai_api_key: no release of minikube reads it: remove it, or have one read it: applications.RELEASE.credentials: { OPENAI_API_KEY: given }",
  ]);
});
