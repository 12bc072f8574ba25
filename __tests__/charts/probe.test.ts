import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { chartProbe } from "../../operations/sandbox/components";
import { findGo } from "../../operations/sandbox/toolchain";

test("what renders charts passes its own tests, where Go is", async () => {
  const probe = chartProbe();
  const go = await findGo(process.env, [probe]).catch((error: Error) => {
    console.warn(`not tested: ${error.message}`);
    return undefined;
  });
  if (go === undefined) return;
  const { stdout } = await promisify(execFile)(go, ["test", probe.package], { cwd: probe.module });
  expect(stdout).toMatch(/^ok/);
}, 600_000);
