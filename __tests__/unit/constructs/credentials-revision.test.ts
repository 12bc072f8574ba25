import { declareCredentialsRevision } from "../../../constructs/credentials-revision";
import { synthesizeStack } from "../synthesize";

test("the revision is a number that need not be set and cannot be null", () => {
  const { variable } = synthesizeStack((stack) => declareCredentialsRevision(stack, "credentials_revision"));
  expect(variable).toMatchInlineSnapshot(`
{
  "credentials_revision": {
    "default": 1,
    "description": "differs whenever a credential differs; npm run --silent secrets -- revision prints it",
    "nullable": false,
    "type": "number",
  },
}
`);
});
