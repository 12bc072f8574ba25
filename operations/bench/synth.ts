import * as path from "node:path";
import { defaultEnvironment } from "../../settings/default-environment";
import { processEnvironment } from "../terraform/cdktf";
import { appCommand } from "./app-command";
import type { BenchContext } from "./context";
import { writeEmptyApp } from "./empty-app";
import type { Outcomes } from "./figure";
import { interleaved } from "./interleaved";
import { peakMemory, reportingPeakMemory } from "./peak-memory";
import { inTemporaryDirectory } from "./temporary-directory";
import { timedRun } from "./timed-run";

/** Synthesizes both stacks of the default environment with the command of `cdktf.json`, beside an empty app. */
export function measureSynth({ root, variables, runs, say, signal }: BenchContext): Promise<Outcomes> {
  return inTemporaryDirectory(async (empty) => {
    writeEmptyApp(root, empty);
    const [file, ...args] = appCommand(root);
    const run = async (cwd: string) => {
      const { seconds, errors } = await timedRun(
        { file, args, cwd, variables: reportingPeakMemory(synthVariables(variables, empty)) },
        signal,
      );
      return { seconds, megabytes: peakMemory(errors) };
    };
    say(`synth without the CLI, ${runs} times`);
    const { measured, instead } = await interleaved(
      runs,
      () => run(root),
      () => run(empty),
    );
    const outcome = (pick: (run: { seconds: number; megabytes: number }) => number) => ({
      samples: measured.map(pick),
      instead: { what: "empty app", samples: instead.map(pick) },
    });
    return {
      "synth-time": outcome(({ seconds }) => seconds),
      "synth-memory": outcome(({ megabytes }) => megabytes),
    };
  });
}

/**
 * Variables for a synth of the default environment with charts from their repositories: the same work on every machine.
 *
 * @param directory where it may write
 */
export function synthVariables(variables: NodeJS.ProcessEnv, directory: string): NodeJS.ProcessEnv {
  return {
    ...processEnvironment({ root: "", environment: defaultEnvironment, variables }),
    CHARTS_DIR: "",
    CDKTF_OUTDIR: path.join(directory, "cdktf.out"),
  };
}
