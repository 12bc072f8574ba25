import { confirm } from "../terminal/confirm";

/** Where questions are put, and answered. */
export const streams = { input: process.stdin, output: process.stdout };

/** Asks a question that yes must be the answer to. @param yes it was given on the command line */
export function asking(yes: boolean | undefined): (question: string) => Promise<void> {
  return (question) => confirm(question, { yes, ...streams });
}
