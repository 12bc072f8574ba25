import { loadEnvironment } from "../../../../applications/load-environment";
import { NoAnswerError } from "../../../../operations/errors/no-answer-error";
import { OperationError } from "../../../../operations/errors/operation-error";
import { addresses } from "../../../../operations/verify/addresses";
import { allPassed, failed, notChecked, passed } from "../../../../operations/verify/check";
import { gpuCheck } from "../../../../operations/verify/gpu";
import { modelsCheck, smallestModel } from "../../../../operations/verify/models";
import { jsonReport, textReport } from "../../../../operations/verify/report";
import { explained } from "../../../../operations/verify/endpoint";
import { repository } from "../../sample-repository";

const listed = [
  { name: "codellama:latest", size: 3_800 },
  { name: "llama2:latest", size: 3_700 },
  { name: "tiny:latest", size: 1 },
];

describe("models", () => {
  test("each of the environment must be listed, with its tag", () => {
    expect(modelsCheck(["llama2:latest", "codellama:latest"], listed, "kubectl").result).toBe("passed");
    expect(modelsCheck(["llama2:13b", "codellama:latest"], listed, "kubectl exec x --")).toMatchObject({
      result: "failed",
      fix: "kubectl exec x -- ollama pull llama2:13b",
      found: "/api/tags lacks llama2:13b (it lists codellama:latest, llama2:latest, tiny:latest)",
    });
  });

  test("the smallest is one of the environment's, whatever else the server has", () => {
    expect(smallestModel(["codellama:latest", "llama2:latest"], listed)).toBe("llama2:latest");
    expect(smallestModel(["mistral:latest"], listed)).toBeUndefined();
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
    expect(gpuCheck({ ...props, running: running(100, 100) })).toMatchObject([{ result: "passed" }]);
    expect(gpuCheck({ ...props, simulated: true, running: running(100, 100) })).toMatchObject([
      { result: "passed" },
    ]);
    expect(gpuCheck({ ...props, running: running(100, 40) })[0]?.found).toMatch(
      /^\/api\/ps: 40 % of .*which is slow/,
    );
  });

  test("is not in use when none of it is: failed on a real node, not checked on a simulated one", () => {
    expect(gpuCheck({ ...props, running: running(100, 0) })).toMatchObject([{ result: "failed" }]);
    expect(gpuCheck({ ...props, simulated: true, running: running(100, 0) })).toMatchObject([
      { result: "not checked" },
    ]);
  });

  test("cannot be told when the model has left the memory, and is no question where none is asked for", () => {
    expect(gpuCheck({ ...props, running: [] })).toMatchObject([{ result: "not checked" }]);
    expect(gpuCheck({ ...props, count: 0, running: running(100, 0) })).toEqual([]);
  });
});

describe("addresses", () => {
  const minikube = loadEnvironment(repository, "minikube");
  const sandbox = loadEnvironment(repository, "sandbox");

  test("without --url everything is asked through port-forwards", () => {
    expect(addresses(minikube, {})).toEqual({ librechatUrl: undefined, ollamaUrl: undefined });
  });

  test("--url alone takes those of the environment, and a port-forward where Ollama is not exposed", () => {
    expect(addresses(minikube, { url: true })).toEqual({
      librechatUrl: "http://librechat.glukas.space",
      ollamaUrl: "http://ollama.glukas.space",
    });
    expect(addresses(sandbox, { url: true }).ollamaUrl).toBeUndefined();
  });

  test("what is given goes before, and something else than an address is refused", () => {
    expect(addresses(minikube, { url: "https://chat.example/", ollamaUrl: "http://127.0.0.1:8080" })).toEqual(
      {
        librechatUrl: "https://chat.example",
        ollamaUrl: "http://127.0.0.1:8080",
      },
    );
    expect(() => addresses(minikube, { ollamaUrl: "ollama" })).toThrow(
      /^--ollama-url: found ollama, expected/,
    );
    const hidden = { ...sandbox, applications: { librechat: {} } };
    expect(() => addresses(hidden, { url: true })).toThrow(/has no applications\.librechat\.ingress/);
  });
});

describe("a port-forward", () => {
  const address = "http://127.0.0.1:41234";
  const endpoint = (reason?: string) => ({ address, fault: () => reason });
  const error = new NoAnswerError(`${address}/health`, "other side closed");

  test("gives its own reason for a server that did not answer, and leaves out its local port", () => {
    expect(explained(error, endpoint("error forwarding port 3080: refused")).message).toBe(
      "/health did not answer: error forwarding port 3080: refused",
    );
  });

  test("that has no reason, or whose server answered, leaves an error as it is", () => {
    const answered = new OperationError(`${address}/health answered 500: out of memory`);
    expect(explained(error, endpoint())).toBe(error);
    expect(explained(answered, endpoint("an earlier fault"))).toBe(answered);
  });
});

test("what was not asked is shown, and counts neither as passed nor as failed", () => {
  const checks = [passed("models", "all"), notChecked("gpu", "the node is simulated")];
  expect(allPassed(checks)).toBe(true);
  expect(textReport(checks, "sandbox")).toBe(`  passed       models: all
  not checked  gpu: the node is simulated

sandbox answers: 1 passed, 1 not checked
`);
  expect(textReport([notChecked("gpu", "?")], "sandbox")).toContain("sandbox was not asked anything");
  expect(JSON.parse(jsonReport([...checks, failed("x", "y")], "sandbox"))).toMatchObject({ passed: false });
});
