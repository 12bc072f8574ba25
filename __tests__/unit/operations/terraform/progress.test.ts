import { progressLines } from "../../../../operations/terraform/progress";

function shown(...pieces: string[]): string[] {
  const lines: string[] = [];
  const take = progressLines((line) => lines.push(line));
  for (const piece of pieces) take(piece);
  return lines;
}

test("of a plan and an apply only the steps and the sums are shown", () => {
  expect(
    shown(
      "llm-apps  helm_release.ollama (ollama/Default): Refreshing state... [id=ollama]\n",
      '            + version = "1.77.0"\n',
      "          Plan: 2 to add, 0 to change, 0 to destroy.\n",
      "llm-apps  helm_release.ollama (ollama/Default): Creating...\n",
      "llm-apps  helm_release.ollama (ollama/Default): Creation complete after 2s [id=ollama]\n",
      "          Apply complete! Resources: 2 added, 0 changed, 0 destroyed.\n",
    ),
  ).toEqual([
    "Plan: 2 to add, 0 to change, 0 to destroy.",
    "helm_release.ollama: Creating...",
    "helm_release.ollama: Creation complete after 2s [id=ollama]",
    "Apply complete! Resources: 2 added, 0 changed, 0 destroyed.",
  ]);
});

test("a line that arrives in pieces, with colours, is one line", () => {
  expect(shown("\u001b[1mhelm_rel", "ease.ollama: Still crea", "ting... [10s elapsed]\u001b[0m\r\n")).toEqual(
    ["helm_release.ollama: Still creating... [10s elapsed]"],
  );
});
