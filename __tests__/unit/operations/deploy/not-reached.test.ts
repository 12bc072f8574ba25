import { notReachedLines } from "../../../../operations/deploy/not-reached";

const releases = [
  { name: "ollama", needs: [] },
  { name: "small", needs: [] },
  { name: "mini", needs: ["small"] },
  { name: "librechat", needs: ["ollama", "mini"] },
];

test("each release that was not reached is named, with those that failed and that it needs, also by way of others", () => {
  expect(
    notReachedLines(releases, { releases: ["mini", "librechat"], stacks: [], failed: ["small"] }),
  ).toEqual([
    "  release mini was not reached: it needs small",
    "  release librechat was not reached: it needs small",
  ]);
  expect(
    notReachedLines(releases, { releases: ["librechat"], stacks: [], failed: ["ollama", "mini"] }),
  ).toEqual(["  release librechat was not reached: it needs ollama and mini"]);
});

test("nothing is told as the cause where none of its needs failed; stacks that come after are named too", () => {
  expect(notReachedLines(releases, { releases: ["small"], stacks: ["llm-apps"], failed: [] })).toEqual([
    "  release small was not reached",
    "  llm-apps was not reached",
  ]);
});
