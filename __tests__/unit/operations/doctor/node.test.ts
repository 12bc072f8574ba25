import { engines } from "../../../../package.json";
import { recommended, tested } from "../../../../operations/node-versions.json";
import { nodeCheck } from "../../../../operations/doctor/node";

const install = `install Node ${recommended}: https://nodejs.org/en/download`;

test("a line that is tested is fit, whichever of its versions is there", () => {
  const [major] = (tested.at(-1) ?? "").split(".");
  expect(nodeCheck(`${major}.99.0`)).toMatchObject({
    result: "ok",
    found: `${major}.99.0 (${engines.node})`,
  });
});

test("one that is too old fails, and is told what to install", () => {
  expect(nodeCheck("20.18.3")).toMatchObject({
    result: "failed",
    found: `20.18.3, expected ${engines.node}`,
    fix: install,
  });
});

test("one of a line that is not tested is a warning, which keeps no deploy from being fit", () => {
  expect(nodeCheck("99.9.0")).toMatchObject({
    result: "warning",
    found: `99.9.0 is not tested (tested: ${tested.join(", ")})`,
    fix: `if something fails, ${install}`,
  });
});
