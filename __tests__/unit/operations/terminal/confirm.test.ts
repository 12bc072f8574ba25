import { PassThrough } from "node:stream";
import { confirmName, type ConfirmNameProps } from "../../../../operations/terminal/confirm";

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
