import { sampleRepository } from "../unit/sample-repository";
import "./machine";
import { objectsIn, ofKind, renderedManifests, type RenderedObject, workloads } from "./rendered-objects";

/** What the chart makes of GPUs that an environment asks for. */
async function rendered(gpu: string) {
  const sample = sampleRepository();
  sample.edit("environments/minikube.yaml", "gpu:\n      count: 1\n", `gpu: ${gpu}\n`);
  const objects = objectsIn(await renderedManifests("minikube", "ollama", sample.root));
  const [ollama] = workloads(objects);
  const { limits, claims } = ollama?.containers[0]?.resources as { limits: object; claims?: object };
  return { objects, limits, claims, image: ollama?.containers[0]?.image, pod: ollama?.pod ?? {} };
}

/** What its container is limited to besides. */
const usual = { memory: "16Gi", "ephemeral-storage": "1Gi" };

const toleration = (key: string) => ({ key, operator: "Exists", effect: "NoSchedule" });

test.each([
  ["nvidia.com/mig-1g.5gb", 2, ["nvidia.com/mig-1g.5gb", "nvidia.com/gpu"]],
  ["nvidia.com/gpu.shared", 1, ["nvidia.com/gpu.shared", "nvidia.com/gpu"]],
  ["nvidia.com/gpu", 1, ["nvidia.com/gpu"]],
])("Ollama asks for %s × %i, and tolerates the taints of its nodes", async (resource, count, tolerated) => {
  const { limits, pod } = await rendered(`{ count: ${count}, resource: ${resource} }`);
  expect(limits).toEqual({ ...usual, [resource]: count });
  expect(pod.tolerations).toEqual(tolerated.map(toleration));
});

test("AMD's GPUs, whole or in parts, come with the image for them", async () => {
  const whole = await rendered("{ count: 2, resource: amd.com/gpu }");
  expect(whole.limits).toEqual({ ...usual, "amd.com/gpu": 2 });
  expect(whole.image).toMatch(/-rocm$/);
  expect(whole.pod.tolerations).toEqual([toleration("amd.com/gpu")]);
  const parts = await rendered("{ count: 2, resource: amd.com/cpx_nps4 }");
  expect(parts.limits).toEqual({ ...usual, "amd.com/gpu": "0", "amd.com/cpx_nps4": "2" });
});

test("Ollama claims devices of a class by a template of its own", async () => {
  const { objects, limits, claims, pod } = await rendered("{ count: 2, deviceClass: gpu.nvidia.com }");
  expect(limits).toEqual(usual);
  expect(claims).toEqual([{ name: "gpu" }]);
  expect(pod.resourceClaims).toEqual([{ name: "gpu", resourceClaimTemplateName: "ollama" }]);
  expect(ofKind(objects, "ResourceClaimTemplate")).toMatchObject([
    {
      apiVersion: "resource.k8s.io/v1",
      spec: {
        spec: { devices: { requests: [{ exactly: { deviceClassName: "gpu.nvidia.com", count: 2 } }] } },
      },
    } as unknown as RenderedObject,
  ]);
});

test("Ollama claims what a template of somebody else says", async () => {
  const { objects, limits, pod } = await rendered("{ count: 1, claimTemplate: half-a-gpu }");
  expect(limits).toEqual(usual);
  expect(pod.resourceClaims).toEqual([{ name: "gpu", resourceClaimTemplateName: "half-a-gpu" }]);
  expect(ofKind(objects, "ResourceClaimTemplate")).toEqual([]);
});
