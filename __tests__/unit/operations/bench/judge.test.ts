import type { Figure } from "../../../../operations/bench/figure";
import { judge } from "../../../../operations/bench/judge";

const figure = (judged: Figure["judged"], atMost: number): Figure => ({
  id: "synth-time",
  title: "synth",
  atMost,
  unit: "s",
  judged,
});
const beside = (samples: readonly number[]) => ({ instead: { what: "by hand", samples } });

describe("a figure beside its target", () => {
  it("is met by the median, whatever one slow run took", () => {
    const { verdict, value, measured } = judge(figure("median", 0.5), { samples: [0.4, 9, 0.5, 0.3, 0.45] });
    expect({ verdict, value }).toEqual({ verdict: "met", value: 0.45 });
    expect(measured).toMatchObject({ min: 0.3, max: 9 });
  });

  it("is met by exactly the target", () => {
    expect(judge(figure("median", 0.5), { samples: [0.5] }).verdict).toBe("met");
  });

  it("fails when the median is above the target", () => {
    expect(judge(figure("median", 0.5), { samples: [0.4, 0.6, 0.7] }).verdict).toBe("missed");
  });

  it("is judged by the difference of the medians where what is beside it costs the same alone", () => {
    const outcome = { samples: [2.5, 2, 2.25], ...beside([1.75, 1, 2]) };
    expect(judge(figure("difference", 0.5), outcome)).toMatchObject({ verdict: "met", value: 0.5 });
    expect(judge(figure("difference", 0.4), outcome)).toMatchObject({ verdict: "missed", value: 0.5 });
  });

  it("is judged by the ratio of the medians where a ratio is promised", () => {
    const outcome = { samples: [1.25], ...beside([1]) };
    expect(judge(figure("ratio", 1.2), outcome)).toMatchObject({
      verdict: "missed",
      value: 1.25,
      ratio: 1.25,
    });
    expect(judge(figure("ratio", 1.3), outcome).verdict).toBe("met");
  });

  it("shows the ratio to what people would use instead without judging by it", () => {
    const outcome = { samples: [2], ...beside([4]) };
    expect(judge(figure("median", 3), outcome)).toMatchObject({ verdict: "met", value: 2, ratio: 0.5 });
  });

  it("fails when a comparison is promised and nothing is beside it", () => {
    expect(() => judge(figure("ratio", 1.2), { samples: [1] })).toThrow("with nothing beside it");
  });
});
