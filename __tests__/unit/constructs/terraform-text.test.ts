import { literal } from "../../../constructs/terraform-text";

test.each([
  ["${OLLAMA_API_KEY}", "$${OLLAMA_API_KEY}"],
  ["%{ if x }", "%%{ if x }"],
  ["a ${b} and ${c} %{d}", "a $${b} and $${c} %%{d}"],
  // Terraform reads $$${ as a dollar sign and an escaped ${.
  ["$${b}", "$$${b}"],
  ["50 % and $5, {json}", "50 % and $5, {json}"],
])("Terraform gets %j as %j", (text, expected) => {
  expect(literal(text)).toBe(expected);
});
