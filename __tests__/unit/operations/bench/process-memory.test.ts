import { isModelServer, memoryOf } from "../../../../operations/bench/process-memory";

describe("the memory of processes", () => {
  it("is in MB and at least that of this process", async () => {
    const { resident, proportional } = await memoryOf([process.pid]);
    expect(resident).toBeGreaterThan(20);
    expect(resident).toBeLessThan(4096);
    expect(proportional ?? 0).toBeLessThanOrEqual(resident);
  });

  it("leaves the model server out, and nothing else", () => {
    expect(isModelServer("/clone/.sandbox/bin/ollama serve")).toBe(true);
    expect(isModelServer("/cache/ollama-1/ollama runner --model /clone/.sandbox/models/blobs/sha256-1")).toBe(
      true,
    );
    expect(isModelServer("/clone/.sandbox/home/.kwok/clusters/sandbox/bin/etcd --name=node0")).toBe(false);
  });
});
