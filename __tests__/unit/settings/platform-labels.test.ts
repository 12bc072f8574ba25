import { platformLabels } from "../../../settings/platform-labels";

test("an object says who manages it, what it belongs to and where", () => {
  expect(platformLabels({ name: "ollama", environment: "production", component: "model-server" })).toEqual({
    "managed-by": "terraform",
    app: "ollama",
    env: "production",
    "app.kubernetes.io/name": "ollama",
    "app.kubernetes.io/instance": "ollama-production",
    "app.kubernetes.io/component": "model-server",
    "app.kubernetes.io/part-of": "llm-platform",
    "app.kubernetes.io/managed-by": "terraform",
  });
});
