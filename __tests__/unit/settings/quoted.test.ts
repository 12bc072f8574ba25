import { quoted } from "../../../settings/quoted";

test.each<[unknown, string, string]>([
  [undefined, "", "nothing"],
  [256, "", "256"],
  [["llama2"], "models", '["llama2"]'],
  ["a".repeat(100), "", `"${"a".repeat(56)}...`],
])("%j is quoted as it is, and short", (value, key, text) => {
  expect(quoted(value, key)).toBe(text);
});

test.each<[string, unknown, string]>([
  ["by its own name", "hunter2hunter2", "password"],
  ["by its name in a mapping", { OPENAI_API_KEY: "hunter2hunter2" }, "env"],
  ["by the name that stands beside it", [{ name: "TOKEN", value: "hunter2hunter2" }], "env"],
  ["in a list", ["hunter2hunter2"], "passwords"],
  ["of a header", { headers: { Authorization: "Bearer hunter2" } }, "mcpServers"],
  ["by its form", "https://mira:hunter2@host", "endpoint"],
])("a credential is left out: %s", (_what, value, key) => {
  expect(quoted(value, key)).toContain("…");
  expect(quoted(value, key)).not.toContain("hunter2");
});
