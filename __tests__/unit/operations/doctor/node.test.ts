import { nodeCheck } from "../../../../operations/doctor/node";

const versions = { allowed: "^20.19.0 || >=22.12.0", tested: ["20.19.6", "24.21.0"], recommended: 24 };

test("a line that is tested is fit, whichever of its versions is there", () => {
  expect(nodeCheck(versions, "24.3.0")).toMatchObject({
    result: "ok",
    found: "24.3.0 (^20.19.0 || >=22.12.0)",
  });
});

test("one that is too old fails, and is told what to install", () => {
  expect(nodeCheck(versions, "20.18.3")).toMatchObject({
    result: "failed",
    found: "20.18.3, expected ^20.19.0 || >=22.12.0",
    fix: "install Node 24: https://nodejs.org/en/download",
  });
});

test("one of a line that is not tested is a warning, which keeps no deploy from being fit", () => {
  expect(nodeCheck(versions, "25.9.0")).toMatchObject({
    result: "warning",
    found: "25.9.0 is not tested (tested: 20.19.6, 24.21.0)",
    fix: "if something fails, install Node 24: https://nodejs.org/en/download",
  });
});
