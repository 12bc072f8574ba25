import { shortModel, taggedModel } from "../../../../applications/ollama/model-name";

test("a model without a tag is the latest, and the port of a registry is none", () => {
  expect(["llama2", "qwen2.5:0.5b", "hf.co:443/a/b", "localhost:5000/a/b:q4"].map(taggedModel)).toEqual([
    "llama2:latest",
    "qwen2.5:0.5b",
    "hf.co:443/a/b:latest",
    "localhost:5000/a/b:q4",
  ]);
});

test("people leave the tag latest out", () => {
  expect(["llama2:latest", "qwen2.5:0.5b"].map(shortModel)).toEqual(["llama2", "qwen2.5:0.5b"]);
});
