import { findProgram } from "../operations/sandbox/toolchain";

type Test = (name: string, run: jest.ProvidesCallback, timeoutMs?: number) => void;

/** A test where something holds. Elsewhere it is skipped, for a reason that its name says and `npm test` repeats at its end. */
export function skippedUnless(holds: boolean, reason: string): Test {
  return holds ? test : (name, run) => test.skip(`${name} (skipped: ${reason})`, run);
}

/** A test where programs are on PATH. */
export function havingPrograms(...programs: string[]): Test {
  const missing = programs.filter((program) => !findProgram(program, process.env));
  return skippedUnless(missing.length === 0, `${missing.join(" and ")} not on PATH`);
}
