import { applyEvent } from "../../../../operations/terraform/apply-events";

const line = (content: object) => JSON.stringify({ "@level": "info", ...content });

test("the steps of a resource are told by its address", () => {
  const hook = { resource: { addr: "helm_release.ollama" } };
  const text = "helm_release.ollama: Creating...";
  expect(applyEvent(line({ "@message": text, type: "apply_start", hook }))).toEqual({
    kind: "start",
    address: "helm_release.ollama",
    text,
    destroys: false,
  });
  expect(applyEvent(line({ "@message": "", type: "apply_complete", hook }))?.kind).toBe("done");
  expect(applyEvent(line({ "@message": "", type: "apply_errored", hook }))?.kind).toBe("failed");
});

test("an error has what it is about", () => {
  const diagnostic = {
    severity: "error",
    summary: "installation failed",
    detail: "context deadline exceeded",
    address: "helm_release.ollama",
  };
  expect(applyEvent(line({ type: "diagnostic", diagnostic }))).toEqual({
    kind: "problem",
    problem: diagnostic,
  });
});

test("what is no JSON is an error too: Terraform or a provider crashed", () => {
  expect(applyEvent("panic: runtime error")).toMatchObject({
    kind: "problem",
    problem: { severity: "error", summary: "panic: runtime error" },
  });
});

test("outputs, versions and empty lines say nothing of the progress", () => {
  expect([line({ type: "outputs" }), line({ type: "version" }), " "].map(applyEvent)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
