import { credentialsFingerprint, secretFingerprint } from "../../../../operations/secrets/fingerprint";
import { credentials } from "../../../../settings/credentials";

const values = Object.fromEntries(credentials.map(({ variable }, i) => [variable, String(i).repeat(64)]));

test("the same credentials always have the same fingerprint", () => {
  expect(credentialsFingerprint(values, "minikube")).toBe(credentialsFingerprint({ ...values }, "minikube"));
});

test.each(credentials.map(({ variable }) => variable))("a changed %s changes it", (variable) => {
  expect(credentialsFingerprint({ ...values, [variable]: "f".repeat(64) }, "minikube")).not.toBe(
    credentialsFingerprint(values, "minikube"),
  );
});

test("it is an integer that JavaScript and Terraform keep exactly, and never that of those who set none", () => {
  const fingerprint = credentialsFingerprint(values, "minikube");
  expect(Number.isSafeInteger(fingerprint)).toBe(true);
  expect(fingerprint).toBeGreaterThan(1);
});

test("environments with the same credentials do not show that they share them", () => {
  expect(credentialsFingerprint(values, "minikube")).not.toBe(credentialsFingerprint(values, "production"));
});

test("that of a Secret depends on everything in it, and not on the order of its keys", () => {
  const data = { JWT_SECRET: "a", OTHER: "b" };
  const fingerprint = secretFingerprint(data, "minikube");
  expect(secretFingerprint({ OTHER: "b", JWT_SECRET: "a" }, "minikube")).toBe(fingerprint);
  for (const other of [{ ...data, OTHER: "c" }, { ...data, MORE: "" }, { JWT_SECRET: "a" }]) {
    expect(secretFingerprint(other, "minikube")).not.toBe(fingerprint);
  }
  expect(fingerprint).toBeGreaterThan(1);
});
