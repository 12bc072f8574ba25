import { changed, leavesWithoutEffect, valuesLeaves } from "../../../../operations/charts/values-effects";
import type { YamlMap } from "../../../../settings/yaml-file";

test("leaves are scalars and what is empty, in their order", () => {
  expect(valuesLeaves({ a: { b: 1, c: [] }, d: [{ e: "x" }, true], f: null })).toEqual([
    { path: ["a", "b"], value: 1 },
    { path: ["a", "c"], value: [] },
    { path: ["d", 0, "e"], value: "x" },
    { path: ["d", 1], value: true },
    { path: ["f"], value: null },
  ]);
});

test.each([
  [true, false],
  ["true", "false"],
  [1, 2],
  ["3080", "3081"],
  ["256Mi", "257Mi"],
  ["nginx", "nginxchanged"],
  [[], ["changed"]],
  [{}, { changed: "changed" }],
])("%j changes to %j", (value, expected) => {
  expect(changed(value)).toEqual(expected);
});

test("a leaf whose change changes nothing is found", async () => {
  const values = { a: 1, b: { c: "x", d: "y" } };
  const render = async ({ a, b }: YamlMap): Promise<string> => `${a} ${(b as YamlMap).c}`;
  expect(await leavesWithoutEffect({ values, render, renderUpgrade: render, concurrency: 2 })).toEqual([
    { path: ["b", "d"], value: "y" },
  ]);
});

test("a chart that fails over a value has read it", async () => {
  const render = async ({ a }: YamlMap): Promise<string> => {
    if (a !== 1) throw new Error("not 1");
    return "same";
  };
  expect(
    await leavesWithoutEffect({ values: { a: 1 }, render, renderUpgrade: render, concurrency: 2 }),
  ).toEqual([]);
});

test("no more are rendered at the same time than asked for", async () => {
  let now = 0;
  let most = 0;
  const render = async (values: YamlMap): Promise<string> => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    return JSON.stringify(values);
  };
  await leavesWithoutEffect({
    values: { a: 1, b: 1, c: 1, d: 1, e: 1 },
    render,
    renderUpgrade: render,
    concurrency: 2,
  });
  expect(most).toBe(2);
});

test("fails where the same values never render the same", async () => {
  let times = 0;
  const render = async (): Promise<string> => String(times++);
  await expect(
    leavesWithoutEffect({ values: { a: 1 }, render, renderUpgrade: render, concurrency: 1 }),
  ).rejects.toThrow("the same values render differently each time");
});

test("a leaf that changes nothing but without which an upgrade fails is read", async () => {
  const renderUpgrade = ({ a }: YamlMap) =>
    a === null ? Promise.reject(new Error("a is needed")) : render();
  const render = () => Promise.resolve("the same");
  expect(
    await leavesWithoutEffect({ values: { a: 1, b: 1 }, render, renderUpgrade, concurrency: 1 }),
  ).toEqual([{ path: ["b"], value: 1 }]);
});
