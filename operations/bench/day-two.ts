import type { BenchContext } from "./context";
import type { FigureId, Outcomes } from "./figure";
import { timedRun } from "./timed-run";

/** The figures of what is run every day on a platform that is as it was deployed. */
export const dayTwoFigures = ["diff", "doctor", "drift", "deploy"] as const satisfies readonly FigureId[];

/**
 * Times the commands on a deployed platform on which they find nothing.
 *
 * @param copy the repository that it was deployed from
 */
export async function measureDayTwo(
  { runs, say, signal }: BenchContext,
  copy: string,
  variables: NodeJS.ProcessEnv,
): Promise<Outcomes> {
  const outcomes: { [id in FigureId]?: { samples: number[] } } = {};
  for (const name of dayTwoFigures) {
    const samples: number[] = [];
    for (let run = 1; run <= runs; run++) {
      say(`npm run ${name}, ${run} of ${runs}`);
      const { seconds } = await timedRun({ file: "npm", args: ["run", name], cwd: copy, variables }, signal);
      samples.push(seconds);
    }
    outcomes[name] = { samples };
  }
  return outcomes;
}
