import { COMPONENT_NAMES } from "../../../../operations/sandbox/components";
import type { ProgramsProgress } from "../../../../operations/sandbox/programs";
import { progressStage, progressText } from "../../../../operations/sandbox/programs-progress";

const compiling = (change: Partial<Extract<ProgramsProgress, { state: "compiling" }>>): ProgramsProgress => ({
  state: "compiling",
  component: "etcd",
  index: 1,
  total: 9,
  fraction: 0,
  secondsLeft: 600,
  ...change,
});
const downloading = (bytes: number, totalBytes?: number): ProgramsProgress => ({
  state: "downloading",
  programs: 9,
  bytes,
  totalBytes,
});

test.each([
  [compiling({}), "compiling etcd, 1 of 9: 0 %, about 10 min left"],
  [
    compiling({ component: "helm", index: 8, fraction: 0.999, secondsLeft: 59 }),
    "compiling helm, 8 of 9: 99 %, under 1 min left",
  ],
  [compiling({ secondsLeft: 60 }), "compiling etcd, 1 of 9: 0 %, about 1 min left"],
  [downloading(312_400_000, 1_980_000_001), "downloading 9 of them: 312 of 1981 MB"],
  [downloading(312_400_000), "downloading 9 of them: 312 MB"],
  [{ state: "waiting" } as const, "waiting for another clone, which provides them"],
])("%j is said as %s", (progress, text) => {
  expect(progressText(progress)).toBe(text);
});

test("beside a spinner and its title the longest fits a terminal of 80 columns", () => {
  const longest = [
    ...COMPONENT_NAMES.map((component) => compiling({ component, fraction: 1, secondsLeft: 99 * 60 })),
    downloading(99_999e6, 99_999e6),
    { state: "waiting" } as const,
  ].map((progress) => `- programs: ${progressText(progress)}`.length);
  expect(Math.max(...longest)).toBeLessThan(80);
});

test("where lines stay there is one a program, and one a quarter of what is downloaded", () => {
  const stages = (all: ProgramsProgress[]) => new Set(all.map(progressStage)).size;
  expect(stages([0, 0.1, 0.9].map((fraction) => compiling({ fraction })))).toBe(1);
  expect(stages([compiling({}), compiling({ component: "helm" })])).toBe(2);
  expect(stages(Array.from({ length: 100 }, (_, percent) => downloading(percent, 100)))).toBe(4);
  expect(stages([downloading(1), downloading(2), downloading(3)])).toBe(1);
});
