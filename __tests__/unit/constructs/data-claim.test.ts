import { Construct } from "constructs";
import { DataClaim } from "../../../constructs/data-claim";
import { synthesizeStack } from "../synthesize";

const props = {
  claimName: "models",
  namespace: "sample",
  name: "sample",
  environment: "test",
  component: "models",
  size: "5Gi",
  dependsOn: [],
};

test("a claim looks like this", () => {
  const { resource } = synthesizeStack((stack) => new DataClaim(stack, "sample-models", props));
  expect(resource).toMatchSnapshot();
});

test("its address is that of its id alone, wherever in the program it is", () => {
  const { resource } = synthesizeStack(
    (stack) =>
      new DataClaim(new Construct(new Construct(stack, "somewhere"), "else"), "sample-models", props),
  );
  expect(Object.keys(resource?.kubernetes_persistent_volume_claim_v1 ?? {})).toEqual(["sample_models"]);
});
