import { credentialNamed, storeForRotation } from "../../../../operations/secrets/rotation";
import { credentials } from "../../../../settings/credentials";

const file = { name: "minikube", credentials: { source: "file" } } as const;
const sops = { name: "minikube", credentials: { source: "sops" } } as const;
const secret = { name: "minikube", credentials: { source: "secret", name: "theirs" } } as const;
const jwt = credentialNamed("JWT_SECRET");

test.each(["JWT_SECRET", "jwt_secret", "TF_VAR_jwt_secret"])("%s is the credential of that key", (name) => {
  expect(credentialNamed(name).key).toBe("JWT_SECRET");
});

const allowed = `(allowed: ${credentials.map(({ key }) => key).join(", ")}), as in: npm run secrets -- rotate JWT_SECRET`;

test.each([
  ["JWT_SECRT", `secrets rotate: found "JWT_SECRT", did you mean JWT_SECRET? ${allowed}`],
  ["password", `secrets rotate: found "password" ${allowed}`],
  [undefined, `secrets rotate: which one is missing ${allowed}`],
])("fails for %s, and says which there are", (name, message) => {
  expect(() => credentialNamed(name)).toThrow(message);
});

test("a new value goes where the environment keeps its credentials", () => {
  expect(storeForRotation("/r", file, {}, jwt).file).toBe("credentials/minikube.env");
  expect(storeForRotation("/r", sops, {}, jwt).file).toBe("environments/minikube.sops.env");
  const named = { ...sops, credentials: { ...sops.credentials, file: "chat/secret.yaml" } };
  expect(storeForRotation("/r", named, {}, jwt).file).toBe("chat/secret.yaml");
});

test("fails where a variable goes before the file, and says where to replace it", () => {
  expect(() => storeForRotation("/r", file, { TF_VAR_jwt_secret: "sentinel" }, jwt)).toThrow(
    "TF_VAR_jwt_secret: is set and goes before credentials/minikube.env, where a new value would change nothing: " +
      "replace it where it is set, then run npm run deploy -- --environment minikube, which restarts the pods that read it; " +
      "or unset it and run this again",
  );
  expect(storeForRotation("/r", file, { TF_VAR_creds_iv: "other" }, jwt).file).toBe(
    "credentials/minikube.env",
  );
});

test("fails where somebody else fills the Secret, and names it", () => {
  expect(() => storeForRotation("/r", secret, {}, jwt)).toThrow(
    "JWT_SECRET: is in the Secret librechat/theirs, which somebody else fills: replace it there, then run npm run deploy",
  );
});

test("what encrypts data says so, and nothing else does", () => {
  expect(credentials.filter(({ encrypts }) => encrypts).map(({ key }) => key)).toEqual([
    "CREDS_KEY",
    "CREDS_IV",
  ]);
});
