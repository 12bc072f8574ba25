import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { findHelm, Helm } from "../../../../operations/helm/helm";
import { OperationError } from "../../../../operations/errors/operation-error";
import { temporaryDirectory } from "../../sample-repository";

describe("Helm's program", () => {
  /** A machine without a sandbox, on which these programs are on PATH. */
  const machine = (...programs: string[]) => {
    const directory = temporaryDirectory();
    for (const program of programs) fs.writeFileSync(path.join(directory, program), "", { mode: 0o755 });
    return { PATH: directory, HOME: directory };
  };

  it("is the one on PATH where the sandbox built none", () => {
    const { PATH, HOME } = machine("helm");
    expect(findHelm({ PATH, HOME })).toBe(path.join(PATH, "helm"));
  });

  it("is the one that the variable names, before all others", () => {
    const { PATH, HOME } = machine("helm", "other");
    expect(findHelm({ PATH, HOME, HELM: path.join(PATH, "other") })).toBe(path.join(PATH, "other"));
  });

  it("fails where there is none, and says how to get one", () => {
    expect(() => findHelm(machine())).toThrow(OperationError);
    expect(() => findHelm(machine())).toThrow(
      /helm is not on PATH.*install Helm 3.*variable HELM.*npm run up/,
    );
    expect(() => findHelm({ ...machine("helm"), HELM: "/nowhere/helm" })).toThrow(
      /^HELM: \/nowhere\/helm is not a program/,
    );
  });

  it("runs as often at once as the machine has room for, and every run comes to its end", async () => {
    const directory = temporaryDirectory();
    const environment = { cluster: { kubeconfig: "none", context: "none" } };
    const cluster = environment as unknown as ConstructorParameters<typeof Helm>[3];
    const helm = new Helm(process.execPath, process.env, directory, cluster);
    // Each says how many there are, itself among them.
    const script = `
      const fs = require("node:fs"), own = ${JSON.stringify(directory)} + "/" + process.pid;
      fs.writeFileSync(own, "");
      console.log(fs.readdirSync(${JSON.stringify(directory)}).length);
      fs.rmSync(own);
      process.exitCode = Number(process.argv[1]);`;
    const most = os.availableParallelism() + 1;
    const runs = await Promise.all(
      Array.from({ length: 2 * most }, (_, i) => helm.run(["-e", script, String(i % 2)])),
    );
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(runs.map((_, i) => i % 2));
    expect(Math.max(...runs.map(({ stdout }) => Number(stdout)))).toBeLessThanOrEqual(most);
  }, 60_000);
});
