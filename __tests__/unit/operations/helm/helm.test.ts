import * as fs from "node:fs";
import * as path from "node:path";
import { findHelm } from "../../../../operations/helm/helm";
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
});
