import { duration } from "../../../../operations/terminal/duration";

test.each([
  ["90s", 90_000],
  ["10m", 600_000],
  ["1h", 3_600_000],
])("%s is %d ms", (text, milliseconds) => {
  expect(duration(text, "--wait")).toBe(milliseconds);
});

test.each(["90", "1d", "-1s", "soon", ""])("fails for %j", (text) => {
  expect(() => duration(text, "--wait")).toThrow(
    `--wait: found "${text}", expected a duration such as 90s, 10m or 1h`,
  );
});
