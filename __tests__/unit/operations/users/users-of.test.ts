import { loadEnvironment } from "../../../../applications/load-environment";
import { usersOf } from "../../../../operations/users/users-of";
import type { Environment } from "../../../../settings/environment";
import { repository } from "../../sample-repository";

// Nothing here asks a cluster, and Jest does not read the client's modules.
jest.mock("../../../../operations/releases/backend", () => ({}));

const environment = loadEnvironment(repository, "minikube-cpu");

function of(releases: readonly string[], named?: string) {
  const applications = Object.fromEntries(
    releases.map((name) => [
      name,
      name === "ollama" ? environment.applications.ollama : { application: "librechat" },
    ]),
  );
  return usersOf(repository, { ...environment, applications } as Environment, named).name;
}

test("the only release with users needs no name", () => {
  expect(of(["ollama", "librechat"])).toBe("librechat");
  expect(of(["ollama", "librechat"], "librechat")).toBe("librechat");
});

test("of several one is named", () => {
  expect(of(["ollama", "chat", "lab"], "lab")).toBe("lab");
  expect(() => of(["ollama", "chat", "lab"])).toThrow(
    "environments/minikube-cpu.yaml: more than one release has users: say which with --release (allowed: chat, lab)",
  );
});

test("fails for a release that is not there or has no users, and where none has any", () => {
  expect(() => of(["ollama", "librechat"], "librchat")).toThrow(
    "did you mean librechat? (allowed: librechat)",
  );
  expect(() => of(["ollama", "librechat"], "ollama")).toThrow(
    "which is none that has users (allowed: librechat)",
  );
  expect(() => of(["ollama"])).toThrow("no release that is installed has users");
});
