import { credentialNamed, storeForRotation } from "../../../../operations/secrets/rotation";
import { credentials, minikube } from "../../../credentials";

const file = minikube;
const sops = { ...minikube, credentials: { source: "sops" } as const };
const secret = { ...minikube, credentials: { source: "secret", name: "theirs" } as const };
const jwt = credentialNamed(minikube, "JWT_SECRET");

test.each(["JWT_SECRET", "jwt_secret", "TF_VAR_jwt_secret"])("%s is the credential of that key", (name) => {
  expect(credentialNamed(minikube, name).key).toBe("JWT_SECRET");
});

const allowed = `(allowed: ${credentials.map(({ key }) => key).join(", ")})`;

test.each([
  ["JWT_SECRT", `found "JWT_SECRT", did you mean JWT_SECRET? ${allowed}`],
  ["password", `found "password" ${allowed}`],
  [undefined, `which one is missing ${allowed}`],
])("fails for %s, and says which there are", (name, message) => {
  expect(() => credentialNamed(minikube, name)).toThrow(message);
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
    "JWT_SECRET: credentials.source in environments/minikube.yaml is secret: somebody else fills librechat/theirs: replace it there, then run npm run deploy",
  );
});

test("what encrypts data says so, and nothing else does", () => {
  expect(credentials.filter(({ encrypts }) => encrypts).map(({ key }) => key)).toEqual([
    "CREDS_KEY",
    "CREDS_IV",
  ]);
});

describe("a key that two releases have", () => {
  const two = {
    ...minikube,
    applications: {
      ...minikube.applications,
      "other-chat": { application: "librechat", ollama: ["ollama"] },
    },
  };

  test("is named with its release, and alone it is not enough", () => {
    expect(credentialNamed(two, "OTHER_CHAT_JWT_SECRET")).toMatchObject({ release: "other-chat" });
    // That of the first one is called as it always was.
    expect(credentialNamed(two, "TF_VAR_jwt_secret")).toMatchObject({ release: "librechat" });
    expect(() =>
      credentialNamed({ ...two, applications: withoutFirst(two.applications) }, "JWT_SECRET"),
    ).toThrow(
      'found "JWT_SECRET", which several releases have (allowed: OTHER_CHAT_JWT_SECRET, ONE_JWT_SECRET)',
    );
  });
});

/** Both chats under other names than that of their application. */
function withoutFirst(applications: typeof minikube.applications): typeof minikube.applications {
  const { librechat, ...others } = applications;
  return { ...others, one: { application: "librechat", ...librechat } };
}
