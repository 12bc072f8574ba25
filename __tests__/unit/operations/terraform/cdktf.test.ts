import { processEnvironment } from "../../../../operations/terraform/cdktf";

const context = { root: "/repository", environment: { name: "sandbox" } };

test("credentials are handed to Terraform as variables of its process", () => {
  expect(
    processEnvironment({
      ...context,
      variables: { PATH: "/bin", TF_VAR_jwt_secret: "old" },
      credentials: { values: { jwt_secret: "new" }, revisions: { chat_web: 42 } },
    }),
  ).toMatchObject({
    PATH: "/bin",
    ENVIRONMENT: "sandbox",
    TF_VAR_jwt_secret: "new",
    TF_VAR_credentials_revision: '{"chat_web":42}',
  });
});

test("nobody's servers are asked for news, which a silent network would wait for", () => {
  expect(processEnvironment({ ...context, variables: {} })).toMatchObject({
    CHECKPOINT_DISABLE: "1",
    DISABLE_VERSION_CHECK: "1",
  });
});
