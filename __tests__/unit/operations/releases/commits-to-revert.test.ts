import { byTerraform, revertAdvice, revertSentence } from "../../../../operations/releases/commits-to-revert";

const deployed = { commit: "1a2b3c4d5e", who: "mira@laptop", dirty: false };

test("the commits between the good deploy and the bad one are named with the command that reverts them", () => {
  expect(revertAdvice({ deployed, commits: ["1a2b3c4 Add a model", "9f8e7d6 Use more memory"] })).toEqual([
    "what was rolled back came from commit 1a2b3c4d5e,",
    "deployed by mira@laptop",
    "revert it, or the next deploy that touches the release brings it back:",
    "  git revert 1a2b3c4   # Add a model",
    "  git revert 9f8e7d6   # Use more memory",
  ]);
  expect(revertSentence({ deployed, commits: ["1a2b3c4 Add a model"] })).toBe("git revert 1a2b3c4 first");
});

test("a deploy from an unclean working tree says so: no commit has all of it", () => {
  expect(revertAdvice({ deployed: { ...deployed, dirty: true }, commits: [] })[1]).toBe(
    "deployed by mira@laptop, with changes that were in no commit",
  );
});

test("what was made by hand needs no revert", () => {
  expect(revertAdvice({ commits: [] }, "Helm")[0]).toBe(
    "what was rolled back was made by hand (Helm): no commit needs reverting,",
  );
  expect(revertAdvice({ commits: [] }, "terraform-provider-helm_v3.1.1_x5")[0]).toContain("no record says");
});

test("Terraform's providers are told from people's tools", () => {
  expect(["terraform-provider-helm_v3.1.1_x5", "HashiCorp", "Terraform"].every(byTerraform)).toBe(true);
  expect(["Helm", "helm", "kubectl-edit", "k9s"].some(byTerraform)).toBe(false);
});
