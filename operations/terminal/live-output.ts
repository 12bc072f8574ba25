import ora from "ora";
import type { WriteStream } from "node:tty";
import { printable } from "./printable";
import { type Progress, withoutRepetition } from "./progress";

/** A place for lines that stay, and for what is going on at this moment. */
export interface LiveOutput extends Progress {
  /** Ends what is going on; lines may still come. */
  readonly rest: () => void;
}

/** Cut to what stands beside a spinner in one line of a terminal. */
function fitted(text: string, { columns }: Pick<WriteStream, "columns">): string {
  const room = (columns || 80) - 4;
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}

/** On a terminal what is going on is a spinner; elsewhere it is lines, each once. */
export function liveOutput(stream: WriteStream): LiveOutput {
  if (!stream.isTTY) {
    return {
      ...withoutRepetition({
        line: (text) => stream.write(printable(`${text}\n`)),
        status: (text) => stream.write(printable(`  ${text}\n`)),
      }),
      rest: () => undefined,
    };
  }
  // The spinner leaves standard input alone: it would take Ctrl-C for itself.
  const spinner = ora({ stream, discardStdin: false });
  return {
    line: (text) => {
      const { isSpinning } = spinner;
      spinner.stop();
      stream.write(printable(`${text}\n`));
      if (isSpinning) spinner.start();
    },
    status: (text) => {
      spinner.text = fitted(printable(text), stream);
      if (!spinner.isSpinning) spinner.start();
    },
    rest: () => spinner.stop(),
  };
}
