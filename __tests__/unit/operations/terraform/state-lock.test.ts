import { parseLock } from "../../../../operations/terraform/state-lock";

test("a lock is read from what Terraform says when it cannot have it", () => {
  const text = [
    "╷",
    "│ Error: Error acquiring the state lock",
    "│ ",
    "│ Error message: the state is already locked by another terraform client",
    "│ Lock Info:",
    "│   ID:        ed1e95f5-92c5-5b4d-5b0d-c06a4b5e5c3c",
    "│   Path:      ",
    "│   Operation: OperationTypeApply",
    "│   Who:       mira@laptop",
    "│   Version:   1.11.4",
    "│   Created:   2026-11-21 15:01:42.123456789 +0000 UTC",
    "│   Info:      ",
    "╵",
  ].join("\n");
  expect(parseLock("llm-apps", text)).toEqual({
    stack: "llm-apps",
    id: "ed1e95f5-92c5-5b4d-5b0d-c06a4b5e5c3c",
    who: "mira@laptop",
    operation: "OperationTypeApply",
    created: new Date("2026-11-21T15:01:42Z"),
  });
});

test("any other error is no lock", () => {
  expect(parseLock("llm-apps", "Error: Backend initialization required")).toBeUndefined();
});
