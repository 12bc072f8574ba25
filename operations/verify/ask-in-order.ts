import {
  type Answer,
  type DeployedRelease,
  failed,
  notChecked,
  type Question,
  type Visit,
} from "../../applications/question";
import { OperationError } from "../errors/operation-error";
import { UnaskedError } from "./unasked-error";
import type { Verification } from "./verification";

/** What is asked of a release. */
export interface Asking {
  readonly questions: readonly Question[];
  /** @default - nobody visits it */
  readonly visit?: Visit;
  /** After which no further question is put. @default - all are put */
  readonly signal?: AbortSignal;
}

/**
 * Asks one question after the other: what one asks for, such as a model in memory, the next looks at.
 *
 * @param release name of it
 * @param fix what to do about a question that says nothing of it
 */
export async function askInOrder(
  release: string,
  { questions, visit, signal }: Asking,
  deployed: DeployedRelease,
  fix: string,
): Promise<Verification[]> {
  const checks: Verification[] = [];
  const put = async (question: Question): Promise<boolean> => {
    const answer = await orStopped(ask(question, deployed, fix), signal);
    if (answer) checks.push({ release, name: `${release} ${question.name}`, ...answer });
    return answer?.result === "passed";
  };
  for (const question of questions) if (!signal?.aborted) await put(question);
  if (!visit || signal?.aborted) return checks;
  try {
    if (await put(visit.arrive))
      for (const question of visit.questions) if (!signal?.aborted) await put(question);
  } finally {
    const { leave } = visit;
    const left = await ask(leave, deployed, fix);
    // Who never came leaves nothing, and that needs no line.
    if (left.result !== "not checked") checks.push({ release, name: `${release} ${leave.name}`, ...left });
  }
  return checks;
}

/** An answer, or nothing once there is a signal: a model may take minutes. */
async function orStopped(
  answer: Promise<Answer>,
  signal: AbortSignal | undefined,
): Promise<Answer | undefined> {
  if (!signal) return answer;
  let stop = (): void => undefined;
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([answer, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function ask(question: Question, deployed: DeployedRelease, fix: string): Promise<Answer> {
  try {
    return await question.ask(deployed);
  } catch (error) {
    if (error instanceof UnaskedError) return notChecked(error.message);
    if (error instanceof OperationError) {
      return failed(error.found ?? error.message, error.next ?? question.fix?.(deployed) ?? fix);
    }
    throw error;
  }
}
