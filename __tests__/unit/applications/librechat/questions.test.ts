import type { ApplicationRelease } from "../../../../applications/application";
import { librechatQuestions } from "../../../../applications/librechat/questions";
import { librechatSettings, type LibrechatSettings } from "../../../../applications/librechat/settings";
import { loadEnvironment } from "../../../../applications/load-environment";
import type { PodRun } from "../../../../applications/pod-program";
import type { DeployedRelease, RequestAnswer } from "../../../../applications/question";
import { releasesOf } from "../../../../applications/releases";
import { repository } from "../../sample-repository";

const releases = releasesOf(loadEnvironment(repository, "minikube-cpu"));
const release = releases.find(
  ({ name }) => name === "librechat",
) as unknown as ApplicationRelease<LibrechatSettings>;

/** What came of one question to a LibreChat that redirects there, or whose program ends so. */
async function asked(question: string, answer: Partial<RequestAnswer>, ran?: PodRun): Promise<string> {
  const login = { openid: { issuer: "https://login.example.com", clientId: "chat" } };
  const own = {
    ...release.own,
    ...librechatSettings.schema.innerType().pick({ login: true }).parse({ login }),
  };
  const deployed = {
    ...{ kubectl: "kubectl", logs: "kubectl logs x" },
    request: () => Promise.resolve({ status: 302, type: "", text: "", cookies: [], ...answer }),
    run: () => Promise.resolve(ran),
  } as unknown as DeployedRelease;
  const found = librechatQuestions({ ...release, own }, releases).find(({ name }) => name === question);
  const {
    result,
    found: what,
    fix = "",
  } = (await found?.ask(deployed)) ?? { result: "not asked", found: "" };
  return `${result}: ${what} → ${fix}`;
}

test("a login that leads to its issuer is told from one that LibreChat gave up when it started", async () => {
  const location = "https://login.example.com/authorize?client_id=chat&response_type=code";
  expect(await asked("OpenID", { location })).toBe("passed: the login leads to login.example.com → ");
  expect(await asked("OpenID", { status: 500 })).toMatch(
    /^failed: the login through https:\/\/login\.example\.com answers 500, and leads nowhere: .* → kubectl logs x \| grep -i openid/,
  );
  expect(await asked("OpenID", { location: "/login?redirect=false" })).toMatch(/^failed/);
});

test("nobody asks for a login that the environment does not name", () => {
  expect(librechatQuestions(release, releases).map(({ name }) => name)).not.toContain("OpenID");
});

test("an Ollama that its pod does not reach fails with what the program there says, and where to look", async () => {
  const url = "http://ollama.ollama.svc.cluster.local:11434/v1/models";
  expect(await asked("reaches ollama", {}, { exitCode: 0, stdout: "tiny\n", stderr: "" })).toBe(
    `passed: ${url} lists tiny to it → `,
  );
  expect(
    await asked("reaches ollama", {}, { exitCode: 1, stdout: "", stderr: `${url}: ECONNREFUSED\n` }),
  ).toBe(
    `failed: asked from its pod: ${url}: ECONNREFUSED → kubectl --namespace ollama get networkpolicy,service,endpointslices`,
  );
});
