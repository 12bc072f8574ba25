import { Masker } from "../../../../operations/secrets/masking";
import { releaseReport } from "../../../../operations/diff/release-report";
import { warningsOf } from "../../../../operations/diff/warnings/warnings";
import { object } from "./objects";

describe("a claim that a release has no more", () => {
  const claim = object("PersistentVolumeClaim");
  const kept = object("PersistentVolumeClaim", {
    metadata: { annotations: { "helm.sh/resource-policy": "keep" } },
  });

  const warnings = (deployed: typeof claim, live: typeof claim) => {
    const side = { last: { revision: 1, version: "1.0.0" }, deployed: [deployed], live: [live] };
    const { pairs } = releaseReport(
      { name: "ollama", namespace: "ollama", deployed: side, rendered: [], action: "change" },
      new Masker(),
    );
    return warningsOf(pairs).map(({ kind }) => kind);
  };

  it("is lost", () => {
    expect(warnings(claim, claim)).toEqual(["data-lost"]);
  });

  it("stays where somebody told Helm so in the cluster, which is where Helm looks", () => {
    expect(warnings(claim, kept)).toEqual([]);
    expect(warnings(kept, claim)).toEqual(["data-lost"]);
  });
});
