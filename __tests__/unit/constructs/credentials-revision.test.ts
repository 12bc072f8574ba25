import { TerraformOutput } from "cdktf";
import { revisionOf } from "../../../constructs/credentials-revision";
import { synthesizeStack } from "../synthesize";

test("the revisions are numbers by Secret, none of which need be set", () => {
  const { variable, output } = synthesizeStack((stack) => {
    for (const id of ["chat_web", "notes_api"]) {
      new TerraformOutput(stack, id, { value: revisionOf(stack, id) });
    }
  });
  expect(variable).toEqual({
    credentials_revision: {
      type: "map(number)",
      default: {},
      nullable: false,
      description:
        "by Secret, differs whenever one of its credentials differs; npm run --silent secrets -- revision prints it",
    },
  });
  // Without quotation marks: it stands in the text of values, too.
  expect(output).toMatchObject({
    chat_web: { value: "${try(var.credentials_revision.chat_web, 1)}" },
    notes_api: { value: "${try(var.credentials_revision.notes_api, 1)}" },
  });
});
