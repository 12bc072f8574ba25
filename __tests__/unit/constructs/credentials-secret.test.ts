import { declareCredentialsRevision } from "../../../constructs/credentials-revision";
import { CredentialsSecret } from "../../../constructs/credentials-secret";
import { credentials } from "../../../settings/credentials";
import { synthesizeStack } from "../synthesize";

const { resource, variable = {} } = synthesizeStack((stack) => {
  new CredentialsSecret(stack, "credentials", {
    secretName: "sample-credentials",
    namespace: "sample",
    name: "sample",
    environment: "test",
    component: "credentials",
    credentials,
    revision: declareCredentialsRevision(stack, "credentials_revision"),
    dependsOn: [],
  });
});

test("a Secret looks like this", () => {
  expect(resource).toMatchSnapshot();
});

test("the Secret's values are write-only and have a revision", () => {
  const [secret] = Object.values(resource?.kubernetes_secret_v1 ?? {});
  expect(secret).not.toHaveProperty("data");
  expect(secret).not.toHaveProperty("binary_data");
  expect(secret?.data_wo).toEqual(
    Object.fromEntries(credentials.map(({ key, variable: name }) => [key, `\${var.${name}}`])),
  );
  expect(secret?.data_wo_revision).toBe("${var.credentials_revision}");
});

test.each(credentials.map(({ variable: name, pattern }) => [name, pattern]))(
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
            `^${name} is malformed: expected .*\\. Make credentials with: npm run secrets -- generate$`,
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
  for (const { pattern } of credentials) expect(pattern).not.toMatch(/["\\]|[$%]\{/);
});
