import { nextDue } from "../../../settings/schedule";

// 2026-11-26 is a Thursday.
test.each([
  ["0 3 * * *", "2026-11-26T02:59:59Z", "2026-11-26T03:00:00Z"],
  ["0 3 * * *", "2026-11-26T03:00:00Z", "2026-11-27T03:00:00Z"],
  ["@hourly", "2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z"],
  ["@daily", "2026-11-26T03:00:00Z", "2026-11-27T00:00:00Z"],
  ["@weekly", "2026-11-26T03:00:00Z", "2026-11-29T00:00:00Z"],
  ["@monthly", "2026-11-26T03:00:00Z", "2026-12-01T00:00:00Z"],
  ["*/15 0-6/2,12 1,15 jan-MAR ?", "2026-11-26T03:00:00Z", "2027-01-01T00:00:00Z"],
  ["*/15 0-6/2,12 * * *", "2026-11-26T02:46:00Z", "2026-11-26T04:00:00Z"],
  ["5/10 * * * MON-fri", "2026-11-27T23:55:30Z", "2026-11-30T00:05:00Z"],
  ["0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"],
  // Days of a month and of a week: either, unless one of both is all of them.
  ["0 0 13 * 5", "2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z"],
  ["0 0 13 * ?", "2026-11-26T00:00:00Z", "2026-12-13T00:00:00Z"],
  ["0 0 */2 * 5", "2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z"],
])("what is done at %s comes after %s at %s", (schedule, after, due) => {
  expect(nextDue(schedule, new Date(after))).toEqual(new Date(due));
});

test.each(["0 0 30 2 *", "@every 1h", "TZ=Europe/Berlin 0 3 * * *"])("of %s no time is known", (schedule) => {
  expect(nextDue(schedule, new Date("2026-11-26T00:00:00Z"))).toBeUndefined();
});
