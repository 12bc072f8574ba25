import { amount, quantity } from "../../../../operations/doctor/quantity";

test.each([
  ["500m", 0.5],
  ["4", 4],
  ["0.1", 0.1],
  ["8Gi", 8 * 2 ** 30],
  ["1500k", 1_500_000],
  ["1e3", 1000],
  ["24624148Ki", 24624148 * 1024],
  [undefined, 0],
  ["nonsense", 0],
])("%s is %d", (text, number) => {
  expect(quantity(text)).toBe(number);
});

test("amounts are written as people write them", () => {
  expect(amount("requests.memory", 8.5 * 2 ** 30)).toBe("8.5Gi");
  expect(amount("memory", 640 * 2 ** 20)).toBe("640Mi");
  expect(amount("cpu", 0.1 + 0.2)).toBe("0.3");
});
