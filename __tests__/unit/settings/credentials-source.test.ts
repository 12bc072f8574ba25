import { check } from "../../../settings/check";
import { credentialsSource } from "../../../settings/credentials-source";
import { environmentNames, loadEnvironment } from "../../../applications/load-environment";
import { sampleRepository } from "../sample-repository";

const parsed = (data: unknown) => check(credentialsSource, data, "environments/x.yaml");

test("an environment that says nothing has its credentials in a file", () => {
  expect(loadEnvironment(sampleRepository().root, "minikube").credentials).toEqual({ source: "file" });
});

test.each(["environments/minikube.sops.env", "credentials/a_b.yaml", "chat.json", "a/..b/c.yml"])(
  "%s may be a file that sops encrypts",
  (file) => {
    expect(parsed({ source: "sops", file })).toEqual({ source: "sops", file });
  },
);

test.each([
  ["/etc/chat.env", "absolute"],
  ["~/chat.env", "in the home directory"],
  ["../chat.env", "outside of the repository"],
  ["a/../../chat.env", "outside of the repository, by a detour"],
  ["chat.ini", "of a kind that is not read"],
])("fails for %s, which is %s", (file) => {
  expect(() => parsed({ source: "sops", file })).toThrow(
    `environments/x.yaml: file: expected a path inside the repository that ends with .env, .yaml or .json, found ${JSON.stringify(file)}`,
  );
});

test.each([
  [{ source: "sop" }, 'source: found "sop", did you mean sops? (allowed: file, sops, secret)'],
  [{ source: "file", file: "a.env" }, "file: unknown key (allowed: source)"],
  [{ source: "secret", nam: "a" }, "nam: unknown key, did you mean name? (allowed: source, name)"],
  [{ source: "secret", name: "Chat_Keys" }, "name: expected a name of lower-case letters, digits, - and ."],
])("fails for %j", (data, message) => {
  expect(() => parsed(data)).toThrow(message);
});

test("an encrypted file beside the environments is none of them", () => {
  const sample = sampleRepository();
  sample.write("environments/minikube.sops.yaml", "TF_VAR_jwt_secret: ENC[]\n");
  expect(environmentNames(sample.root)).not.toContain("minikube.sops");
});
