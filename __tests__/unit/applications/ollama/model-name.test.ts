import { listedModel, modelPattern, shortModel } from "../../../../applications/ollama/model-name";

test.each([
  ["llama2", "llama2:latest"],
  ["qwen2.5:0.5b", "qwen2.5:0.5b"],
  ["me/my_model:v1.0", "me/my_model:v1.0"],
  ["library/llama3:8b", "llama3:8b"],
  ["registry.ollama.ai/library/llama3", "llama3:latest"],
  ["Registry.Ollama.ai/me/mine", "me/mine:latest"],
  ["hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M", "hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M"],
  // The port of a registry is no tag.
  ["registry.local:5000/library/llama3:8b", "registry.local:5000/library/llama3:8b"],
  ["Localhost:5000/a/b", "Localhost:5000/a/b:latest"],
  ["10.0.0.5:443/a/b", "10.0.0.5:443/a/b:latest"],
])("the model %s is known, and listed as %s", (model, listed) => {
  expect(model).toMatch(modelPattern);
  expect(listedModel(model)).toBe(listed);
});

test.each([
  ["a registry without a namespace", "registry.local:5000/llama3"],
  ["an address", "http://registry.local:5000/library/llama3"],
  ["more than a registry, a namespace and a name", "a/b/c/d"],
  ["a digest", "llama3@sha256:abc"],
])("%s is no model that Ollama takes", (_what, model) => {
  expect(model).not.toMatch(modelPattern);
});

test("people leave the tag latest out", () => {
  expect(["llama2:latest", "qwen2.5:0.5b"].map(shortModel)).toEqual(["llama2", "qwen2.5:0.5b"]);
});
