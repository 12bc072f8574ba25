import { credentialsOf, secretsOf } from "../../../applications/credentials";
import { secretData } from "../../../applications/release-secrets";
import type { Environment } from "../../../settings/environment";
import { failure } from "../failure";
import { minikube } from "../../credentials";
import { sampleRepository } from "../sample-repository";
import { synthesizePlatform } from "../synthesize-platform";

const ollama = { models: ["tiny"], gpu: { count: 0 } };

/** minikube with other applications, or another source of its credentials. */
const of = (
  applications: Environment["applications"],
  credentials: Environment["credentials"] = { source: "file" },
) => ({ ...minikube, applications: { ollama, ...applications }, credentials });

const read = (environment: ReturnType<typeof of>) =>
  secretsOf(environment).map(({ release, pods, namespace, name, keys }) => [
    `${release} ${pods}`,
    `${namespace}/${name}`,
    Object.keys(keys),
  ]);

const web = ["JWT_SECRET", "JWT_REFRESH_SECRET", "CREDS_KEY", "CREDS_IV", "MEILI_MASTER_KEY"];

test("each kind of pods has a Secret with what it reads alone, and who reads none has none", () => {
  expect(read(of({ librechat: { mongodb: { authentication: true } } }))).toEqual([
    ["librechat web", "librechat/librechat-credentials-env", [...web, "MONGO_URI"]],
    [
      "librechat mongodb",
      "librechat/librechat-mongodb-credentials-env",
      ["mongodb-passwords", "mongodb-root-password"],
    ],
    ["librechat meilisearch", "librechat/librechat-meilisearch-credentials-env", ["MEILI_MASTER_KEY"]],
  ]);
  expect(read(of({ librechat: {} })).map(([pods]) => pods)).toEqual([
    "librechat web",
    "librechat meilisearch",
  ]);
});

test("an environment adds credentials to any release, which its first pods read", () => {
  const more = of({
    ollama: { ...ollama, credentials: { OLLAMA_API_KEY: "given" } },
    librechat: { credentials: { OPENAI_API_KEY: "given", SESSION_KEY: "random" } },
  });
  expect(read(more).slice(0, 2)).toEqual([
    ["ollama api", "ollama/ollama-credentials-env", ["OLLAMA_API_KEY"]],
    ["librechat web", "librechat/librechat-credentials-env", [...web, "OPENAI_API_KEY", "SESSION_KEY"]],
  ]);
  const added = credentialsOf(more).filter(({ key }) => /^(OPENAI|SESSION)/.test(key));
  expect(added).toMatchObject([{ variable: "openai_api_key" }, { variable: "session_key", bytes: 32 }]);
  expect(added[0]?.bytes).toBeUndefined();
});

test("a second release of an application has credentials of its own, in its own namespace", () => {
  const two = of({ librechat: {}, "lab-chat": { application: "librechat", namespace: "lab" } });
  const variables = credentialsOf(two).map(({ variable }) => variable);
  expect(variables).toContain("jwt_secret");
  expect(variables).toContain("lab_jwt_secret");
  expect(new Set(variables).size).toBe(10);
  expect(read(two).map(([, name]) => name)).toContain("lab/lab-chat-meilisearch-credentials-env");
});

test("what is made around a credential is made of its value", () => {
  const [first] = secretsOf(of({ librechat: { mongodb: { authentication: true } } }));
  expect(first && secretData(first, { mongodb_password: "secret", jwt_secret: "jwt" })).toMatchObject({
    JWT_SECRET: "jwt",
    MONGO_URI: "mongodb://librechat:secret@librechat-mongodb.librechat.svc.cluster.local:27017/LibreChat",
  });
});

test("Secrets that somebody else fills are called as ours are, or all as the environment says", () => {
  const names = (environment: ReturnType<typeof of>) => secretsOf(environment).map(({ name }) => name);
  expect(names(of({ librechat: {} }, { source: "secret" }))).toEqual(names(of({ librechat: {} })));
  expect(names(of({ librechat: {} }, { source: "secret", name: "theirs" }))).toEqual(["theirs", "theirs"]);
});

test.each([
  [
    "one that its application has",
    { librechat: { credentials: { JWT_SECRET: "random" } } },
    "applications.librechat.credentials.JWT_SECRET: found twice: its application has it already: remove it here",
  ],
  [
    "one that is made of another",
    { librechat: { mongodb: { authentication: true }, credentials: { MONGO_URI: "given" } } },
    "applications.librechat.credentials.MONGO_URI: is made of MONGODB_PASSWORD: remove it here",
  ],
  [
    "one name for two",
    {
      ollama: { ...ollama, credentials: { TOKEN: "random" } },
      librechat: { credentials: { TOKEN: "random" } },
    },
    "applications.librechat: its credential TOKEN and that of applications.ollama would both be the variable TF_VAR_token: call one of both otherwise; a release in a namespace of another name has variables of its own",
  ],
  [
    "what the platform sets",
    { librechat: { credentials: { ENDPOINTS: "given" } } },
    "applications.librechat.credentials.ENDPOINTS: is what the platform itself sets: remove it here",
  ],
  [
    "a word of Terraform's own",
    { librechat: { credentials: { COUNT: "random" } } },
    "applications.librechat.credentials.COUNT: is a word of Terraform's own, which no variable may have for a name: call it otherwise",
  ],
  [
    "what is no environment variable",
    { librechat: { credentials: { "open-ai": "given" } } },
    'applications.librechat.credentials.open-ai: expected the name of an environment variable, such as OPENAI_API_KEY, found "open-ai"',
  ],
  [
    "another origin",
    { librechat: { credentials: { TOKEN: "sometimes" } } },
    "applications.librechat.credentials.TOKEN: found something else, which is not shown (allowed: random, given)",
  ],
])("fails on %s", (_what, applications, message) => {
  expect(failure(() => credentialsOf(of(applications)))).toBe(`environments/minikube.yaml: ${message}`);
});

test("a release whose name has a hyphen is synthesized with its revisions", () => {
  const sample = sampleRepository();
  sample.edit("environments/minikube.yaml", "  librechat:\n", "  my-chat:\n    application: librechat\n");
  const { llmApps } = synthesizePlatform("minikube", { sample });
  expect(llmApps.resource?.helm_release?.["my-chat"]?.values[1]).toMatchObject({
    podAnnotations: {
      "llm-platform/credentials-revision": "${try(var.credentials_revision.my_chat_web, 1)}",
    },
  });
});
