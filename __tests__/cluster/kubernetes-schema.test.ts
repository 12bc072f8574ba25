import { kubernetesSchemaFile } from "../../contracts/kubernetes-schema";
import type { Clone } from "../clone";
import { cloneWithCluster } from "./cluster";

let clone: Clone;
beforeAll(async () => {
  clone = await cloneWithCluster();
}, 600_000);
afterAll(() => clone.remove());

test("npm run charts -- kubernetes makes the committed schema of what the sandbox serves, to the byte", async () => {
  const files = [kubernetesSchemaFile, "schemas/kubernetes.json"];
  const committed = files.map((file) => clone.read(file));
  for (const file of files) clone.replace(file, '"core.v1.Container"', '"core.v1.Other"');
  const { exitCode, output } = await clone.npm("charts", ["kubernetes", "--environment", "sandbox"]);
  expect(output).toMatch(
    /^contracts\/generated\/kubernetes-schema\.json: \d+ types of Kubernetes v1\.35\.\d+$/,
  );
  expect(exitCode).toBe(0);
  for (const [index, file] of files.entries()) {
    expect([file, clone.read(file) === committed[index]]).toEqual([file, true]);
  }
}, 60_000);
