import { isModelServer } from "../../../../operations/sandbox/model-server";

test("the model server is told from every other process of a sandbox, with what holds a model for it", () => {
  expect(isModelServer("/clone/.sandbox/bin/ollama serve")).toBe(true);
  expect(isModelServer("/cache/ollama-1/ollama runner --model /clone/.sandbox/models/blobs/sha256-1")).toBe(
    true,
  );
  expect(isModelServer("/clone/.sandbox/home/.kwok/clusters/sandbox/bin/etcd --name=node0")).toBe(false);
});
