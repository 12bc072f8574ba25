import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { engineOf } from "../../settings/engine";
import { type ApplyEvent, applyEvent, type Problem } from "./apply-events";
import type { CdktfContext } from "./cdktf";
import type { Interruption } from "../terminal/interruption";
import { terraform } from "./terraform";

/** How an apply ended. */
export interface ApplyRun {
  readonly exitCode: number;
  readonly errors: readonly Problem[];
}

export interface ApplyRunProps {
  readonly context: CdktfContext;
  readonly stack: string;
  /** Arguments after `apply -json`, such as a plan's file or `-destroy`. */
  readonly args: readonly string[];
  /** A new file for what Terraform says. */
  readonly output: string;
  readonly interruption: Interruption;
  readonly onEvent: (event: ApplyEvent) => void;
  /** Told Terraform's process id. @default - nobody is */
  readonly onStart?: (terraform: number) => void;
}

const pollMs = 100;

/** How much is made or taken away at once: mostly it is waited for, and Terraform's own ten would have a release wait for others. */
const atOnce = 30;

/**
 * Runs `terraform apply` to its end: a signal to this process is passed on once and waited for.
 *
 * Terraform has a process group of its own, so that a Ctrl-C in the terminal does not reach it and its providers, and writes
 * to a file: where this process is killed, it goes on and finishes what it began, instead of dying of a broken pipe.
 */
export async function runApply(props: ApplyRunProps): Promise<ApplyRun> {
  const { context, stack, args, output, interruption, onEvent, onStart } = props;
  // What was stopped before it began needs no beginning.
  if (interruption.signal.aborted) return { exitCode: 1, errors: [] };
  const file = fs.openSync(output, "wx", 0o600);
  let interrupt = (): void => undefined;
  const options = ["-json", "-input=false", "-no-color", `-parallelism=${atOnce}`];
  const run = terraform(context, stack, ["apply", ...options, ...args], {
    output: file,
    started: (stop, pid) => {
      interrupt = stop;
      if (pid !== undefined) onStart?.(pid);
    },
  });
  fs.closeSync(file);
  const errors: Problem[] = [];
  const read = linesOf(output, (line) => {
    const event = applyEvent(line);
    if (event?.kind === "problem" && event.problem.severity === "error") errors.push(event.problem);
    if (event) onEvent(event);
  });
  let ended = false;
  const end = run.finally(() => (ended = true));
  const { exitCode } = await interruption.passOn(
    { name: engineOf(context.environment.engine, context.variables).program, interrupt },
    (async () => {
      while (!ended) {
        await Promise.race([end, sleep(pollMs)]);
        read(false);
      }
      return end;
    })(),
  );
  read(true);
  return { exitCode, errors };
}

/** @returns reads what a growing file has more than the last time; at its end also a line that has none */
function linesOf(file: string, onLine: (line: string) => void): (atEnd: boolean) => void {
  let done = 0;
  return (atEnd) => {
    const text = fs.readFileSync(file);
    // A line is complete before it is decoded: a character may be cut in two.
    const end = atEnd ? text.length : text.lastIndexOf("\n") + 1;
    const lines = text.subarray(done, end).toString().split("\n");
    done = end;
    for (const line of lines) onLine(line);
  };
}
