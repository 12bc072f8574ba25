import { kubernetesSchemaFile } from "../../contracts/kubernetes-schema";
import type { Clone } from "../clone";
import { cloneWithCluster } from "./cluster";

let clone: Clone;
beforeAll(async () => {
  clone = await cloneWithCluster();
}, 600_000);
afterAll(() => clone.remove());

test("npm run charts -- kubernetes makes the committed schema of what the sandbox serves, to the byte", async () => {
  const committed = clone.read(kubernetesSchemaFile);
  clone.replace(kubernetesSchemaFile, '"core.v1.Container"', '"core.v1.Other"');
  const { exitCode, output } = await clone.npm("charts", ["kubernetes", "--environment", "sandbox"]);
  expect(output).toMatch(
    /^contracts\/generated\/kubernetes-schema\.json: \d+ types of Kubernetes v1\.35\.\d+$/,
  );
  expect(exitCode).toBe(0);
  expect(clone.read(kubernetesSchemaFile) === committed).toBe(true);
}, 60_000);
