import { InterruptedError } from "../../../../operations/errors/interrupted-error";
import { interruptible } from "../../../../operations/terraform/interruption";

const signal = (name: "SIGINT" | "SIGTERM" | "SIGHUP") => process.emit(name, name);

let now = 0;
beforeEach(() => {
  now = 0;
  jest.spyOn(Date, "now").mockImplementation(() => now + 1_000_000);
});
afterEach(() => jest.restoreAllMocks());

test("a signal is passed on once, what runs is waited for, and later ones are refused with the reason", async () => {
  const said: string[] = [];
  const passed: string[] = [];
  await interruptible(
    (line) => said.push(line),
    async ({ passOn, signal: aborted }) => {
      let end = (): void => undefined;
      const running = passOn(
        { name: "terraform", interrupt: () => passed.push("interrupt") },
        new Promise<void>((resolve) => (end = resolve)),
      );
      signal("SIGINT");
      // npm passes the same one on.
      signal("SIGINT");
      now = 5000;
      signal("SIGINT");
      signal("SIGTERM");
      expect(aborted.aborted).toBe(true);
      end();
      await running;
    },
  );
  expect(passed).toEqual(["interrupt"]);
  expect(said[0]).toContain("waiting for terraform to end; a second Ctrl-C is refused");
  expect(said.slice(1)).toEqual([
    expect.stringContaining("refused: terraform has been told to stop 5 s ago"),
    expect.stringContaining("refused: terraform"),
  ]);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends what may be left at any moment",
  async (name) => {
    const work = interruptible(
      () => undefined,
      ({ orInterrupted }) => orInterrupted(new Promise(() => undefined)),
    );
    signal(name);
    await expect(work).rejects.toBeInstanceOf(InterruptedError);
  },
);

test("inside of another it is the same one, and after the work signals do what they always do", async () => {
  const before = process.listenerCount("SIGINT");
  await interruptible(
    () => undefined,
    (outer) =>
      interruptible(
        () => undefined,
        async (inner) => expect(inner).toBe(outer),
      ),
  );
  expect(process.listenerCount("SIGINT")).toBe(before);
});
