import { listImages, type ListedImage } from "../../operations/charts/list-images";
import { sampleRepository } from "../unit/sample-repository";
import { chartsDirectory, helm } from "./machine";

async function listed(root: string): Promise<ListedImage[]> {
  const lines: string[] = [];
  await listImages({
    root,
    environment: "minikube-cpu",
    chartsDirectory,
    helm: () => helm,
    probe: () => Promise.reject(new Error("nothing is proved here")),
    json: true,
    print: (line) => lines.push(line),
  });
  return JSON.parse(lines.join("\n")) as ListedImage[];
}

test("an environment's images are those of its pods, each once, and one with a digest is named by it", async () => {
  const sample = sampleRepository();
  const digest = `sha256:${"0f".repeat(32)}`;
  // Nobody asks the registries of the others here.
  const nowhere = "127.0.0.1:1";
  sample.write("values/ollama.minikube-cpu.yaml", `image: { repository: ${nowhere}/ollama }\n`);
  sample.write(
    "values/librechat.minikube-cpu.yaml",
    JSON.stringify({
      image: { tag: `v0.8.7@${digest}` },
      mongodb: { image: { digest } },
      meilisearch: { image: { repository: `${nowhere}/meilisearch` } },
    }),
  );
  const unknown = `${nowhere} does not answer`;
  expect(await listed(sample.root)).toEqual([
    { image: expect.stringContaining(`${nowhere}/ollama:`), releases: ["ollama"], pinned: false, unknown },
    { image: `docker.io/bitnamilegacy/mongodb@${digest}`, releases: ["librechat"], pinned: true, digest },
    {
      image: `registry.librechat.ai/danny-avila/librechat:v0.8.7@${digest}`,
      releases: ["librechat"],
      pinned: true,
      digest,
    },
    {
      image: expect.stringContaining(`${nowhere}/meilisearch:`),
      releases: ["librechat"],
      pinned: false,
      unknown,
    },
  ]);
});
