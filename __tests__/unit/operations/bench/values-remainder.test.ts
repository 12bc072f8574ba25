import { valuesRemainder } from "../../../../operations/bench/values-remainder";
import { mergeValues } from "../../../../settings/values";

describe("the remainder of values", () => {
  it("merged onto the base gives the whole again", () => {
    const base = { image: { tag: "v1" }, ports: [1], same: { deep: true } };
    const whole = { image: { tag: "v2", pull: "Always" }, ports: [2, 3], same: { deep: true }, added: 1 };
    const remainder = valuesRemainder(whole, base);
    expect(remainder).toEqual({ image: { tag: "v2", pull: "Always" }, ports: [2, 3], added: 1 });
    expect(mergeValues([base, remainder])).toEqual(whole);
  });

  it("is empty where nothing differs", () => {
    expect(valuesRemainder({ a: { b: [1] } }, { a: { b: [1] } })).toEqual({});
  });
});
