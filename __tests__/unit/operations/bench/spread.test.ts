import { spread } from "../../../../operations/bench/spread";

describe("the spread of several runs", () => {
  it("has the middle one of an odd number as its median", () => {
    expect(spread([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5, samples: [5, 1, 3] });
  });

  it("has the mean of the two middle ones of an even number as its median", () => {
    expect(spread([4, 1, 2, 10]).median).toBe(3);
  });

  it("orders by number and not by text", () => {
    expect(spread([10, 9, 100])).toMatchObject({ median: 10, min: 9, max: 100 });
  });

  it("fails without a run", () => {
    expect(() => spread([])).toThrow("at least one");
  });
});
