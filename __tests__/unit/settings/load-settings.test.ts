import { loadSettings } from "../../../applications/load-settings";
import { failure } from "../failure";
import { repository } from "../sample-repository";

test.each([
  ["no variable", {}],
  ["an empty variable", { ENVIRONMENT: "" }],
])("the environment is minikube with %s", (_what, variables) => {
  expect(loadSettings(repository, variables).environment.name).toBe("minikube");
});

test("the environment is the one that is named", () => {
  expect(loadSettings(repository, { ENVIRONMENT: "production" }).environment.name).toBe("production");
});

test("an empty CHARTS_DIR means the repositories", () => {
  expect(loadSettings(repository, { CHARTS_DIR: "" }).charts.ollama).not.toHaveProperty("package");
});

test("an application's values are those of the environment", () => {
  const sets = { librechat: { configEnv: { ALLOW_REGISTRATION: "false" } } };
  expect(loadSettings(repository, { ENVIRONMENT: "production" }).values("librechat").values).toMatchObject(
    sets,
  );
  expect(loadSettings(repository, { ENVIRONMENT: "minikube" }).values("librechat").values).not.toMatchObject(
    sets,
  );
});

test("fails on an environment that is not there", () => {
  expect(failure(() => loadSettings(repository, { ENVIRONMENT: "prodution" }))).toBe(
    'environment "prodution": unknown, did you mean production? (there are: minikube, minikube-cpu, production, sandbox; each is a file in environments/)',
  );
});

test("the data of the environment that DELETE_DATA names may be deleted, in this run", () => {
  const onDestroy = (variables: { readonly [name: string]: string }) =>
    loadSettings(repository, variables).environment.storage.onDestroy;
  expect(onDestroy({ DELETE_DATA: "minikube" })).toBe("delete");
  expect(onDestroy({ DELETE_DATA: "" })).toBe("keep");
  expect(onDestroy({ ENVIRONMENT: "sandbox" })).toBe("delete");
});

test("fails where DELETE_DATA names another environment, or says yes", () => {
  expect(failure(() => loadSettings(repository, { DELETE_DATA: "true", ENVIRONMENT: "production" }))).toBe(
    'DELETE_DATA: expected production, the environment whose data this run may delete, found "true": nothing was deleted; correct the variable, or unset it',
  );
});
