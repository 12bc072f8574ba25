import * as fs from "node:fs";
import * as path from "node:path";
import type { BenchContext } from "./context";
import { writeEmptyApp } from "./empty-app";
import type { Outcomes } from "./figure";
import { interleaved } from "./interleaved";
import { synthVariables } from "./synth";
import { inTemporaryDirectory } from "./temporary-directory";
import { timedRun } from "./timed-run";

/** Synthesizes with CDKTF's command line, this app and an empty one in turns: the difference is ours. */
export function measureCliSynth({ root, variables, runs, say, signal }: BenchContext): Promise<Outcomes> {
  return inTemporaryDirectory(async (empty) => {
    writeEmptyApp(root, empty);
    // CDKTF makes the last folder of a path, not those above it.
    fs.mkdirSync(path.join(empty, "cdktf.out"));
    const cli = path.join(
      path.dirname(require.resolve("cdktf-cli/package.json")),
      ...["bundle", "bin", "cdktf.js"],
    );
    const run = async (cwd: string, output: string) => {
      const { seconds } = await timedRun(
        {
          file: "node",
          args: [cli, "synth", "--output", path.join(empty, output)],
          cwd,
          variables: synthVariables(variables, empty),
        },
        signal,
      );
      return seconds;
    };
    say(`synth with the CLI, ${runs} times`);
    const { measured, instead } = await interleaved(
      runs,
      () => run(root, "cdktf.out/platform"),
      () => run(empty, "cdktf.out/empty"),
    );
    return { "cli-synth": { samples: measured, instead: { what: "empty app", samples: instead } } };
  });
}
