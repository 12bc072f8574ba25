import { loadEnvironment } from "../../../../applications/load-environment";
import { ollamaReleases } from "../../../../applications/ollama";
import {
  gpuAnswer,
  modelsAnswer,
  ollamaQuestions,
  smallestModel,
} from "../../../../applications/ollama/questions";
import type { DeployedRelease } from "../../../../applications/question";
import { releasesOf } from "../../../../applications/releases";
import { repository } from "../../sample-repository";

const listed = [
  { name: "codellama:latest", size: 3_800 },
  { name: "llama2:latest", size: 3_700 },
  { name: "tiny:latest", size: 1 },
];

describe("models", () => {
  test("each of the environment must be listed, with its tag", () => {
    expect(modelsAnswer(["llama2:latest", "codellama:latest"], listed, "kubectl").result).toBe("passed");
    expect(modelsAnswer(["llama2:13b", "codellama:latest"], listed, "kubectl exec x --")).toEqual({
      result: "failed",
      fix: "kubectl exec x -- ollama pull llama2:13b",
      found: "/api/tags lacks llama2:13b (it lists codellama:latest, llama2:latest, tiny:latest)",
    });
  });

  test("fails for a server that lists none as Ollama does", () => {
    expect(modelsAnswer(["llama2:latest"], undefined, "kubectl")).toMatchObject({
      result: "failed",
      found: "/api/tags answers, and is no Ollama: it lists no models",
    });
  });

  test("the smallest is one of the environment's, whatever else the server has", () => {
    expect(smallestModel(["codellama:latest", "llama2:latest"], listed)).toBe("llama2:latest");
    expect(smallestModel(["mistral:latest"], listed)).toBeUndefined();
  });
});

/** What each question gets from a server that answers these, by path. */
async function asked(answers: { readonly [path: string]: unknown }): Promise<string[]> {
  const [release] = ollamaReleases(releasesOf(loadEnvironment(repository, "minikube")));
  const server: DeployedRelease = {
    ...{ simulated: false, kubectl: "kubectl", exec: "kubectl exec x --", logs: "kubectl logs x" },
    request: () => Promise.reject(new Error("nothing is asked so")),
    text: () => Promise.reject(new Error("nothing of it is text")),
    json: (path) => Promise.resolve(answers[path]),
    run: () => Promise.reject(new Error("nothing runs in its pod")),
  };
  const found: string[] = [];
  for (const { name, ask } of release ? ollamaQuestions(release) : []) {
    const answer = await ask(server);
    found.push(`${name}: ${answer.result}: ${answer.found}`);
  }
  return found;
}

describe("the questions", () => {
  const tags = { models: listed };
  const running = { models: [{ name: "llama2:latest", size: 100, size_vram: 100 }] };

  test("are passed by a server that has the models, writes, and has what wrote in a GPU's memory", async () => {
    const written = { response: "Because", eval_count: 16, eval_duration: 2e9 };
    expect(await asked({ "/api/tags": tags, "/api/generate": written, "/api/ps": running })).toEqual([
      "models: passed: /api/tags lists llama2:latest, codellama:latest",
      "completion: passed: llama2:latest, the smallest, wrote 16 tokens, 8.0 a second",
      "gpu: passed: /api/ps: 100 % of llama2:latest in the GPU's memory",
    ]);
  });

  test("fail for a server whose model writes nothing", async () => {
    const answers = { "/api/tags": tags, "/api/generate": { response: "" }, "/api/ps": { models: null } };
    expect(await asked(answers)).toEqual([
      expect.stringMatching(/^models: passed/),
      "completion: failed: /api/generate: llama2:latest wrote nothing",
      "gpu: not checked: /api/ps: llama2:latest is not in memory",
    ]);
  });

  test("are one that fails and no others for a server without models, and for something else", async () => {
    const unasked = ["completion", "gpu"].map(
      (name) => `${name}: not checked: none of the environment's models is there`,
    );
    expect(await asked({ "/api/tags": { models: null } })).toEqual([
      "models: failed: /api/tags lacks llama2:latest, codellama:latest (it lists none)",
      ...unasked,
    ]);
    expect(await asked({ "/api/tags": ["a list"] })).toEqual([
      "models: failed: /api/tags answers, and is no Ollama: it lists no models",
      ...unasked,
    ]);
  });
});

describe("the GPU", () => {
  const props = {
    count: 1,
    model: "llama2:latest",
    simulated: false,
    logs: "kubectl logs x",
    runtimeClass: "own.runtimeClass",
  };
  const running = (size: number, sizeVram: number) => [{ name: "llama2:latest", size, sizeVram }];

  test("is in use when some of the model is in its memory, also where nodes are said to be simulated", () => {
    expect(gpuAnswer({ ...props, running: running(100, 100) }).result).toBe("passed");
    expect(gpuAnswer({ ...props, simulated: true, running: running(100, 100) }).result).toBe("passed");
    expect(gpuAnswer({ ...props, running: running(100, 40) }).found).toMatch(
      /^\/api\/ps: 40 % of .*which is slow/,
    );
  });

  test("is not in use when none of it is: failed on a real node, not checked on a simulated one", () => {
    expect(gpuAnswer({ ...props, running: running(100, 0) }).result).toBe("failed");
    expect(gpuAnswer({ ...props, simulated: true, running: running(100, 0) }).result).toBe("not checked");
  });

  test("cannot be told when the model is not in memory, and is no question where none is asked for", () => {
    expect(gpuAnswer({ ...props, running: [] }).result).toBe("not checked");
    const questions = (environment: string) => {
      const [release] = ollamaReleases(releasesOf(loadEnvironment(repository, environment)));
      return release && ollamaQuestions(release).map(({ name }) => name);
    };
    expect(questions("minikube")).toEqual(["models", "completion", "gpu"]);
    expect(questions("minikube-cpu")).toEqual(["models", "completion"]);
  });
});
