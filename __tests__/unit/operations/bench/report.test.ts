import { type FigureId, figures, type Outcome } from "../../../../operations/bench/figure";
import { judge } from "../../../../operations/bench/judge";
import { reportJson, reportTable } from "../../../../operations/bench/report";

function figure(id: FigureId) {
  const found = figures.find((one) => one.id === id);
  if (!found) throw new Error(`there is no figure ${id}`);
  return found;
}

const notMeasured: Outcome = { notMeasured: "the sandbox's programs are not here yet" };
const instead = (what: string, ...samples: number[]) => ({ instead: { what, samples } });
const judgements = [
  judge(figure("synth-time"), { samples: [0.41, 0.44, 0.6], ...instead("empty app", 0.2) }),
  judge(figure("cli-synth"), { samples: [12.9, 12.2, 13.01], ...instead("empty app", 12.1, 12.2, 12.3) }),
  judge(figure("sandbox-memory"), { samples: [593.4], note: "resident sets (RSS) added up" }),
  judge(figure("state"), { samples: [14587, 14599], ...instead("HCL by hand", 16061) }),
  judge(figure("no-op-plan"), { samples: [1.3], ...instead("HCL by hand", 1) }),
  judge(figure("up"), notMeasured),
];

describe("the report", () => {
  it("shows target, measured, what is used instead, ratio and verdict in 80 columns", () => {
    const table = reportTable(judgements, 5);
    expect(table).toMatchSnapshot();
    const [head] = table.split("\n\n");
    expect(Math.max(...head!.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(table).not.toContain("…");
  });

  it("says below the table why a figure was not measured", () => {
    expect(reportTable([judge(figure("state"), notMeasured)], 5)).toContain(
      "state of both releases: not measured: the sandbox's programs are not here yet",
    );
  });

  it("holds every sample for machines", () => {
    const report = JSON.parse(
      reportJson([judge(figure("state"), notMeasured), judgements[0]!], { runs: 5 }),
    ) as {
      figures: { id: string; verdict: string; measured?: { samples: number[] } }[];
    };
    expect(report).toMatchObject({ runs: 5 });
    expect(report.figures.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["state", "not measured"],
      ["synth-time", "met"],
    ]);
    expect(report.figures[1]?.measured?.samples).toEqual([0.41, 0.44, 0.6]);
  });
});
