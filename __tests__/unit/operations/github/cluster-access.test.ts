import * as fs from "node:fs";
import * as path from "node:path";
import { withClusterAccess } from "../../../../operations/github/cluster-access";
import { loadEnvironment } from "../../../../applications/load-environment";
import { temporaryDirectory } from "../../sample-repository";

const RUNNER_TEMP = temporaryDirectory();

const variables = {
  RUNNER_TEMP,
  HOME: "/home/runner",
  KUBECONFIG_CONTENT: "apiVersion: v1\nkind: Config",
  CREDENTIALS_CONTENT: "# made by\nexport TF_VAR_jwt_secret=abc\nexport TF_VAR_creds_iv='d e'\nPATH=/evil\n",
};

test("commands get the kubeconfig as a private file and the credentials as variables, as long as they need them", async () => {
  let file = "";
  await withClusterAccess(variables, "production", async (passed) => {
    file = passed.CLUSTER_KUBECONFIG ?? "";
    expect(path.dirname(path.dirname(file))).toBe(RUNNER_TEMP);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    expect(fs.readFileSync(file, "utf8")).toBe("apiVersion: v1\nkind: Config\n");
    expect(passed).toEqual({
      RUNNER_TEMP,
      HOME: "/home/runner",
      TF_VAR_jwt_secret: "abc",
      TF_VAR_creds_iv: "d e",
      CLUSTER_KUBECONFIG: file,
    });
    const { cluster } = loadEnvironment(path.join(__dirname, "..", "..", "..", ".."), "minikube", passed);
    expect(cluster).toMatchObject({ context: "minikube", kubeconfig: file });
  });
  expect(fs.readdirSync(RUNNER_TEMP)).toEqual([]);
});

test("the file goes also where the work fails", async () => {
  const failing = withClusterAccess(variables, "production", () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect(fs.readdirSync(RUNNER_TEMP)).toEqual([]);
});

test.each([
  [
    "without a kubeconfig",
    { KUBECONFIG_CONTENT: " " },
    "KUBECONFIG_CONTENT: empty, expected a kubeconfig: add the secret KUBECONFIG to the GitHub environment production",
  ],
  [
    "with credentials of another form, without showing them",
    { CREDENTIALS_CONTENT: "JWT_SECRET=s3cr3t" },
    "CREDENTIALS_CONTENT: no variable TF_VAR_… in it, expected what npm run secrets -- generate writes: correct the secret CREDENTIALS of the GitHub environment production",
  ],
])("fails %s", async (_what, changes, message) => {
  const work = jest.fn();
  await expect(withClusterAccess({ ...variables, ...changes }, "production", work)).rejects.toThrow(
    new Error(message),
  );
  expect(work).not.toHaveBeenCalled();
  expect(fs.readdirSync(RUNNER_TEMP)).toEqual([]);
});
