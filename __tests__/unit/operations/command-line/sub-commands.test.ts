import { loadChartLock } from "../../../../settings/chart-lock";
import { repository } from "../../sample-repository";
import type { CommandUnknownOpts as Command } from "@commander-js/extra-typings";
import { runCommand } from "../../../../operations/command-line/run-command";
import { command as bench } from "../../../../operations/commands/bench";
import { command as charts } from "../../../../operations/commands/charts";
import { command as github } from "../../../../operations/commands/github";
import { command as providers } from "../../../../operations/commands/providers";
import { command as secrets } from "../../../../operations/commands/secrets";
import { command as users } from "../../../../operations/commands/users";

// Nothing here asks a cluster, and Jest does not read the client's modules.
jest.mock("../../../../operations/releases/backend", () => ({}));
jest.mock("../../../../operations/bench/deployed-lab", () => ({}));

/** What a command writes, and how its process would end. */
async function run(command: Command, ...args: string[]) {
  const written: string[] = [];
  const writes = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, "write").mockImplementation((text) => written.push(String(text)) > 0),
  );
  try {
    await runCommand(command, args);
    return { exitCode: process.exitCode ?? 0, output: written.join("") };
  } finally {
    for (const write of writes) write.mockRestore();
    process.exitCode = undefined;
    // A command keeps the options of its last run.
    for (const one of [command, ...command.commands])
      for (const option of one.options)
        one.setOptionValueWithSource(option.attributeName(), option.defaultValue, "default");
  }
}

afterEach(() => jest.restoreAllMocks());

test.each([
  [
    charts,
    "lst",
    "did you mean list? (allowed: list, check, images, update, contract, check-values, json-schema, measure, kubernetes)",
  ],
  [secrets, "generat", "did you mean generate? (allowed: generate, check, revision, set, rotate)"],
  [users, "reset-pasword", "did you mean reset-password? (allowed: create, list, reset-password, delete)"],
  [providers, "loc", "did you mean lock? (allowed: lock)"],
  [
    github,
    "plans",
    "did you mean plan? (allowed: preview, plan, engine, outdate, comment, find-review, deploy, drift)",
  ],
])("an unknown sub-command is an error that names those that there are", async (command, found, named) => {
  expect(await run(command, found)).toEqual({
    exitCode: 1,
    output: `${command.name()} ${found}: there is no such sub-command, ${named}\n`,
  });
});

test.each([
  [charts, ["update"], "missing required argument 'app'"],
  [charts, ["list", "ollama"], "too many arguments for 'list'. Expected 0 arguments but got 1."],
  [charts, ["update", "ollama", "1.77.0", "more"], "too many arguments for 'update'"],
  [charts, ["check", "--yes"], "unknown option '--yes'"],
  [users, ["create"], "missing required argument 'email'"],
  [users, ["create", "anna@example.com", "secret"], "too many arguments for 'create'"],
  [providers, ["lock", "now"], "too many arguments for 'lock'"],
  [bench, ["--runs", "0"], "'0' is invalid. expected a whole number of at least 1"],
  [bench, ["--runs", "few"], "'few' is invalid. expected a whole number of at least 1"],
  [bench, ["--sizes", "2,1"], "'2,1' is invalid. expected numbers of at least 2"],
  [
    github,
    ["plan", "--report", "a", "--review", "b"],
    "required option '-e, --environment <name>' not specified",
  ],
])("wrong arguments are an error: %#", async (command, args, message) => {
  const { exitCode, output } = await run(command, ...args);
  expect(exitCode).toBe(1);
  expect(output).toContain(message);
});

test.each([[charts], [secrets], [providers], [github]])(
  "without a sub-command there is help",
  async (command) => {
    const { exitCode, output } = await run(command);
    expect(exitCode).toBe(1);
    for (const one of command.commands) expect(output).toContain(`\n  ${one.name()} `);
  },
);

test("--environment and --json are taken before and after a sub-command", async () => {
  // What is newer is another test's: nobody is asked here.
  jest.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed"));
  const listed = await run(charts, "list", "--json", "--environment", "sandbox");
  expect(JSON.parse(listed.output)).toHaveLength(Object.keys(loadChartLock(repository)).length);
  expect(await run(charts, "--json", "--environment", "sandbox", "list")).toEqual(listed);
  const wrong = /nowhere/;
  expect((await run(secrets, "check", "-e", "nowhere")).output).toMatch(wrong);
  expect((await run(secrets, "-e", "nowhere", "check")).output).toMatch(wrong);
});

test.each([
  [charts, "update", ["[options] <app> [version]", "--json", "--environment <name>"]],
  [
    secrets,
    "rotate",
    ["[name]", "--yes", "--no-deploy", "--lose-stored-keys [name]", "--environment <name>"],
  ],
  [providers, "lock", ["--fs-mirror <directory>", "--platform <names...>"]],
  [github, "find-review", ["--environment <name>", "--reason <text>"]],
])(
  "the help of a sub-command shows its own options, and those that it shares: %#",
  async (command, name, shown) => {
    const { exitCode, output } = await run(command, name, "--help");
    expect(exitCode).toBe(0);
    expect(output).toContain(`Usage: ${command.name()} ${name} `);
    for (const text of shown) expect(output).toContain(text);
  },
);
