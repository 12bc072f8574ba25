import { loadEnvironment } from "../../../../applications/load-environment";
import { OperationError } from "../../../../operations/errors/operation-error";
import { addresses, everyIngress } from "../../../../operations/verify/addresses";
import { repository } from "../../sample-repository";

const minikube = loadEnvironment(repository, "minikube");
const sandbox = loadEnvironment(repository, "sandbox");

test("without --url everything is asked through port-forwards", () => {
  expect(addresses(minikube, [])).toEqual({});
});

test("--url alone takes the ingress of every release that has one", () => {
  expect(addresses(minikube, [everyIngress])).toEqual({
    ollama: "http://ollama.glukas.space",
    librechat: "http://librechat.glukas.space",
  });
  expect(addresses(sandbox, [everyIngress])).toEqual({ librechat: "http://librechat.sandbox.test" });
});

test("an address with the name of a release is for that one alone, unless --url stands alone too", () => {
  const given = "ollama=http://127.0.0.1:8080/?a=b";
  expect(addresses(minikube, [given])).toEqual({ ollama: "http://127.0.0.1:8080?a=b" });
  expect(addresses(minikube, [given, "librechat=https://a.example"])).toEqual({
    ollama: "http://127.0.0.1:8080?a=b",
    librechat: "https://a.example",
  });
  expect(addresses(minikube, [given, everyIngress])).toEqual({
    ollama: "http://127.0.0.1:8080?a=b",
    librechat: "http://librechat.glukas.space",
  });
});

test("fails for what is no address, for a release that is not there, and for an address that is of none", () => {
  expect(refusal(() => addresses(minikube, ["chat"]))).toBe(
    "--url: found chat, expected RELEASE=ADDRESS, such as ollama=http://chat.example.com (releases: ollama, librechat)",
  );
  expect(refusal(() => addresses(minikube, ["ollama=ftp://a"]))).toMatch(/^--url: found ollama=ftp:\/\/a, /);
  expect(refusal(() => addresses(minikube, ["olama=http://a.example"]))).toBe(
    "--url: found olama=http://a.example, and environments/minikube.yaml has no release olama, did you mean ollama? (there are: ollama, librechat)",
  );
  expect(refusal(() => addresses(minikube, ["http://a.example"]))).toMatch(
    /^--url: found http:\/\/a\.example, expected RELEASE=ADDRESS/,
  );
});

test("fails for --url alone where nothing is exposed", () => {
  const hidden = { ...sandbox, applications: { librechat: {} } };
  expect(refusal(() => addresses(hidden, [everyIngress]))).toBe(
    "--url: environments/sandbox.yaml exposes no release, there is no ingress in applications: name RELEASE=ADDRESS after it, or leave it out for port-forwards",
  );
});

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof OperationError) return error.message;
    throw error;
  }
  throw new Error("expected an error");
}
