import { secretsOf } from "../../../../applications/credentials";
import {
  credentialsFingerprint,
  revisionsOf,
  secretFingerprint,
} from "../../../../operations/secrets/fingerprint";
import { credentials, minikube } from "../../../credentials";

const values = Object.fromEntries(credentials.map(({ variable }, i) => [variable, String(i).repeat(64)]));
const secrets = secretsOf(minikube);
const revisions = (changed = {}, environment = "minikube") =>
  revisionsOf(secrets, { ...values, ...changed }, environment);

test("the same credentials always have the same fingerprints, each Secret its own", async () => {
  const found = await revisions();
  expect(await revisions()).toEqual(found);
  expect(Object.keys(found)).toEqual(["librechat_web", "librechat_mongodb", "librechat_meilisearch"]);
  expect(new Set(Object.values(found)).size).toBe(3);
});

test.each([
  ["jwt_secret", ["librechat_web"]],
  ["creds_iv", ["librechat_web"]],
  ["meili_master_key", ["librechat_web", "librechat_meilisearch"]],
  // Its address has it in LibreChat's.
  ["mongodb_password", ["librechat_web", "librechat_mongodb"]],
  ["mongodb_root_password", ["librechat_mongodb"]],
])("a changed %s changes those of the Secrets that it is in, and no other", async (variable, changed) => {
  const before = await revisions();
  const after = await revisions({ [variable]: "f".repeat(64) });
  expect(Object.keys(before).filter((id) => before[id] !== after[id])).toEqual(changed);
});

test("they are integers that JavaScript and Terraform keep exactly, and never that of those who set none", async () => {
  for (const fingerprint of Object.values(await revisions())) {
    expect(Number.isSafeInteger(fingerprint)).toBe(true);
    expect(fingerprint).toBeGreaterThan(1);
  }
});

test("environments with the same credentials do not show that they share them", async () => {
  expect(await revisions()).not.toEqual(await revisions({}, "production"));
});

// The pods of a platform that was deployed when there was one Secret are not restarted by a change of this program.
test("that of the five credentials of the first platforms is what it was", async () => {
  const [web] = secretsOf({
    ...minikube,
    applications: { ...minikube.applications, librechat: {} },
  });
  if (!web) throw new Error("LibreChat reads no Secret");
  const data = Object.fromEntries(Object.keys(web.keys).map((key, i) => [key, String(i).repeat(64)]));
  expect(await credentialsFingerprint(web, data, "minikube")).toBe(54000796948766);
});

test("that of a Secret depends on everything in it, and not on the order of its keys", async () => {
  const data = { JWT_SECRET: "a", OTHER: "b" };
  const fingerprint = await secretFingerprint(data, "minikube");
  expect(await secretFingerprint({ OTHER: "b", JWT_SECRET: "a" }, "minikube")).toBe(fingerprint);
  for (const other of [{ ...data, OTHER: "c" }, { ...data, MORE: "" }, { JWT_SECRET: "a" }]) {
    expect(await secretFingerprint(other, "minikube")).not.toBe(fingerprint);
  }
  expect(fingerprint).toBeGreaterThan(1);
});
