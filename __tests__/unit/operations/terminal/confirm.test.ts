import { PassThrough } from "node:stream";
import {
  askNewPassword,
  confirmName,
  type ConfirmNameProps,
  type Terminal,
} from "../../../../operations/terminal/confirm";

/** A terminal at which somebody types, or no terminal at all. */
function confirm(typed: string | undefined, given?: string): Promise<void> {
  const input = Object.assign(new PassThrough(), { isTTY: typed !== undefined });
  const props: Pick<ConfirmNameProps, "name" | "option"> = { name: "production", option: "--delete-data" };
  const streams = { input, output: new PassThrough() } as unknown as Pick<
    ConfirmNameProps,
    "input" | "output"
  >;
  const asked = confirmName("delete it?", { ...props, ...streams, given });
  if (typed !== undefined) input.write(`${typed}\n`);
  return asked;
}

test("the name answers, typed or given on the command line", async () => {
  await expect(confirm("production")).resolves.toBeUndefined();
  await expect(confirm(undefined, "production")).resolves.toBeUndefined();
});

test.each(["y", "yes", "", "Production", "prod"])("fails on %j", async (typed) => {
  await expect(confirm(typed)).rejects.toThrow(
    `nothing was changed: expected the environment's name, production, found ${JSON.stringify(typed)}`,
  );
  await expect(confirm(undefined, typed)).rejects.toThrow("nothing was changed");
});

test("fails where nobody can answer, and says what does", async () => {
  await expect(confirm(undefined)).rejects.toThrow(
    "delete it? nobody can answer here, and --yes does not: type the environment's name with --delete-data=production",
  );
});

/** A terminal at which these lines are typed, each when it is asked for, or a pipe; and what was shown. */
function asked(isTTY: boolean, ...typed: readonly string[]) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  const shown: string[] = [];
  const left = [...typed];
  output.on("data", (data: Buffer) => {
    shown.push(String(data));
    if (String(data).includes("(not shown)")) setImmediate(() => input.write(`${left.shift()}\n`));
  });
  if (!isTTY) input.end(typed.join(""));
  return { shown, password: askNewPassword("password", { input, output } as unknown as Terminal) };
}

test("a password is typed twice and shown never, or read from standard input as it is", async () => {
  const { password, shown } = asked(true, "Correct-horse-7", "Correct-horse-7");
  expect(await password).toBe("Correct-horse-7");
  expect(shown.join("")).toBe("password (not shown): \nthe same again (not shown): \n");
  expect(await asked(false, ' it"s é \n').password).toBe(' it"s é ');
});

test("fails where the two differ, without showing either", async () => {
  await expect(asked(true, "Correct-horse-7", "Correct-horse-8").password).rejects.toThrow(
    /^the two passwords differ: nothing was changed$/,
  );
});
