import { remainingSeconds } from "../../../../operations/sandbox/remaining-time";

const part = (expectedSeconds: number, fraction: number) => ({ expectedSeconds, fraction });

test("at the beginning it is what it took elsewhere", () => {
  expect(remainingSeconds([part(100, 0), part(500, 0)], 0)).toBe(600);
});

test("at the end nothing is left", () => {
  expect(remainingSeconds([part(100, 1), part(500, 1)], 900)).toBe(0);
});

test("a machine that is as fast as the other one takes as long as that", () => {
  expect(remainingSeconds([part(100, 1), part(500, 0.5)], 350)).toBeCloseTo(250);
});

test("a machine that took twice as long for a long part takes about twice as long for the rest", () => {
  const left = remainingSeconds([part(400, 1), part(100, 0)], 800);
  expect(left).toBeGreaterThan(190);
  expect(left).toBeLessThan(200);
});

test("a short part says little of the rest", () => {
  expect(remainingSeconds([part(1, 1), part(999, 0)], 10)).toBeLessThan(2 * 999);
});

test("it grows while nothing comes to its end", () => {
  const parts = [part(60, 0.5), part(60, 0)];
  expect(remainingSeconds(parts, 60)).toBeGreaterThan(remainingSeconds(parts, 30));
});
