import {
  type DeployedRelease,
  failed,
  notChecked,
  passed,
  type Question,
} from "../../../../applications/question";
import { OperationError } from "../../../../operations/errors/operation-error";
import { type Asking, askInOrder } from "../../../../operations/verify/ask-in-order";
import { UnaskedError } from "../../../../operations/verify/unasked-error";

const deployed = {} as DeployedRelease;
const question = (name: string, ask: Question["ask"] = () => Promise.resolve(passed("well"))): Question => ({
  name,
  ask,
});

async function asked(asking: Asking): Promise<string[]> {
  const checks = await askInOrder("chat", asking, deployed, "look at it");
  return checks.map(({ name, result, fix }) => `${name}: ${result}${fix ? ` → ${fix}` : ""}`);
}

const visit = (arrive: Question, ...questions: readonly Question[]) => ({
  arrive,
  questions,
  leave: question("leave"),
});

test("what failed keeps nothing else from being asked, and whoever came leaves", async () => {
  const fault = question("b", () => Promise.reject(new OperationError("no")));
  const questions = [question("a"), fault];
  expect(await asked({ questions, visit: visit(question("arrive"), fault, question("c")) })).toEqual([
    "chat a: passed",
    "chat b: failed → look at it",
    "chat arrive: passed",
    "chat b: failed → look at it",
    "chat c: passed",
    "chat leave: passed",
  ]);
});

test("who could not come asks nothing, and leaves without a word where nothing was made", async () => {
  const unasked = question("arrive", () => Promise.reject(new UnaskedError("simulated")));
  const nobody = {
    ...visit(unasked, question("c")),
    leave: question("leave", () => Promise.resolve(notChecked("nobody"))),
  };
  expect(await asked({ questions: [], visit: nobody })).toEqual(["chat arrive: not checked"]);
  const half = visit(
    question("arrive", () => Promise.resolve(failed("no login"))),
    question("c"),
  );
  expect(await asked({ questions: [], visit: half })).toEqual(["chat arrive: failed", "chat leave: passed"]);
});

test("whoever came leaves, also where a question is a fault of this program", async () => {
  const left = jest.fn(() => Promise.resolve(passed("gone")));
  const broken = question("c", () => Promise.reject(new TypeError("a fault")));
  const visiting = { ...visit(question("arrive"), broken), leave: question("leave", left) };
  await expect(asked({ questions: [], visit: visiting })).rejects.toThrow("a fault");
  expect(left).toHaveBeenCalledTimes(1);
});

test("once it is stopped an answer is not waited for, nothing else is asked, and whoever came leaves", async () => {
  const stopping = new AbortController();
  const never = question("b", () => {
    setImmediate(() => stopping.abort());
    return new Promise(() => undefined);
  });
  const { signal } = stopping;
  expect(
    await asked({ questions: [], visit: visit(question("arrive"), never, question("c")), signal }),
  ).toEqual(["chat arrive: passed", "chat leave: passed"]);
  // Nobody comes after that.
  expect(await asked({ questions: [question("a")], visit: visit(question("arrive")), signal })).toEqual([]);
});
