import { revisionOf } from "../../../constructs/credentials-revision";
import {
  CredentialsSecret,
  declareCredential,
  forgetCredentialsSecret,
} from "../../../constructs/credentials-secret";
import { given } from "../../../settings/credentials";
import { credentials } from "../../credentials";
import { synthesizeStack } from "../synthesize";

const openai = { release: "chat", key: "OPENAI_API_KEY", variable: "openai_api_key", ...given };

const {
  resource,
  variable = {},
  ...rest
} = synthesizeStack((stack) => {
  const [first, second] = [...credentials, openai].map((one) => declareCredential(stack, one));
  new CredentialsSecret(stack, "credentials_chat_web", {
    secretName: "sample-credentials",
    namespace: "sample",
    name: "sample",
    environment: "test",
    component: "credentials",
    data: { FIRST: first?.stringValue ?? "", URL: `db://user:${second?.stringValue}@host` },
    revision: revisionOf(stack, "chat_web"),
    former: "kubernetes_secret_v1.former",
    dependsOn: [],
  });
});

test("the Secret's values are write-only, may stand within a text, and have a revision", () => {
  const secret = resource?.kubernetes_secret_v1?.credentials_chat_web;
  expect(secret).not.toHaveProperty("data");
  expect(secret).not.toHaveProperty("binary_data");
  expect(secret).toMatchObject({
    data_wo: { FIRST: "${var.jwt_secret}", URL: "db://user:${var.jwt_refresh_secret}@host" },
    data_wo_revision: "${try(var.credentials_revision.chat_web, 1)}",
    metadata: { name: "sample-credentials", namespace: "sample" },
    type: "Opaque",
  });
});

test("a state that has it at its former address keeps it", () => {
  expect(rest).toMatchObject({
    moved: [{ from: "kubernetes_secret_v1.former", to: "kubernetes_secret_v1.credentials_chat_web" }],
  });
});

test("several are let go, each at its address and its former one", () => {
  const forgotten = synthesizeStack((stack) => {
    forgetCredentialsSecret(stack, "credentials_chat_web", "kubernetes_secret_v1.former");
    forgetCredentialsSecret(stack, "credentials_chat_search", undefined);
  });
  expect(forgotten).toMatchObject({
    removed: ["credentials_chat_web", "former", "credentials_chat_search"].map((name) => ({
      from: `kubernetes_secret_v1.${name}`,
      lifecycle: { destroy: false },
    })),
  });
});

test.each([...credentials, openai].map(({ variable: name, pattern }) => [name, pattern]))(
  "the variable %s is required, hidden, kept nowhere and checked",
  (name, pattern) => {
    const declared = variable[name];
    expect(declared).toMatchObject({ type: "string", sensitive: true, ephemeral: true, nullable: false });
    expect(declared).not.toHaveProperty("default");
    expect(declared?.description).toMatch(new RegExp(`; set it with TF_VAR_${name}$`));
    expect(declared?.validation).toEqual([
      {
        condition: `\${can(regex("${pattern}", var.${name}))}`,
        error_message: expect.stringMatching(
          new RegExp(
            `^${name} is malformed: expected .*\\. Make credentials with: npm run secrets -- (generate|set OPENAI_API_KEY)$`,
          ),
        ),
      },
    ]);
  },
);

test("no message of a validation has a place for a value", () => {
  for (const { validation } of Object.values(variable)) {
    for (const { error_message } of (validation ?? []) as { error_message: string }[]) {
      expect(error_message).not.toMatch(/[$%]\{/);
    }
  }
});

test("the patterns need no escapes in Terraform's strings", () => {
  for (const { pattern } of [...credentials, openai]) expect(pattern).not.toMatch(/["\\]|[$%]\{/);
});
