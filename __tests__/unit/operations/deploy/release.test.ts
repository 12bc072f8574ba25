import * as path from "node:path";
import { OperationError } from "../../../../operations/errors/operation-error";
import { release } from "../../../../operations/deploy/release";
import { loadEnvironment } from "../../../../applications/load-environment";

const sandbox = loadEnvironment(path.join(__dirname, "..", "..", "..", ".."), "sandbox");

/** Releases as a deploy that fails or succeeds leaves them; which commands were run, and what was said. */
async function run({
  codes = {},
  rollBack = false,
  after = { ollama: 4, librechat: 2 },
  before = { ollama: 3, librechat: 2 },
  reviewed,
}: {
  codes?: { readonly [command: string]: number };
  rollBack?: boolean;
  after?: { readonly [release: string]: number };
  before?: { readonly [release: string]: number };
  reviewed?: string;
} = {}) {
  const commands: string[] = [];
  const said: string[] = [];
  const answers = [before, after];
  try {
    await release({
      environment: { ...sandbox, deploy: { failFast: true, rollBackWhenVerifyFails: rollBack } },
      reviewed,
      run: (command, args) => {
        commands.push([command, ...args].join(" ").replace("--environment sandbox", "-e"));
        return Promise.resolve(codes[`${command} ${args[0]}`] ?? codes[command] ?? 0);
      },
      revisions: () => Promise.resolve(new Map(Object.entries(answers.shift() ?? {}))),
      say: (line) => said.push(line),
    });
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    said.push(error.message);
  }
  return { commands, said };
}

test("a deploy is verified", async () => {
  expect(await run({ reviewed: "review.json" })).toEqual({
    commands: ["deploy -e --yes --reviewed review.json", "verify -e --no-backups"],
    said: ["sandbox is deployed and verified"],
  });
});

test("fails where the deploy fails, without verifying or going back", async () => {
  const { commands, said } = await run({ codes: { deploy: 1 }, rollBack: true });
  expect(commands).toEqual(["deploy -e --yes"]);
  expect(said).toEqual(["the deploy of sandbox failed: see above; nothing was verified or rolled back"]);
});

test("fails where verify fails, and names the way back where the environment does not take it by itself", async () => {
  const { commands, said } = await run({ codes: { verify: 1 } });
  expect(commands).toEqual(["deploy -e --yes", "verify -e --no-backups"]);
  expect(said).toEqual([
    "sandbox is deployed, and npm run verify failed: see above; what it changed stays: ollama\n" +
      "  go back with: npm run rollback -- ollama --environment sandbox\n" +
      "deploy.rollBackWhenVerifyFails in environments/sandbox.yaml does that by itself",
  ]);
});

test("goes back to the revisions from before the deploy, of the releases that it changed", async () => {
  const { commands, said } = await run({ codes: { verify: 1 }, rollBack: true });
  expect(commands.slice(2)).toEqual(["rollback ollama 3 -e --yes"]);
  expect(said[0]).toContain("\n  ollama is back at revision 3\nrevert the commit before the next deploy");
});

test("goes back in the reverse order, and says what could not go back", async () => {
  const { commands, said } = await run({
    codes: { verify: 1, "rollback ollama": 1 },
    rollBack: true,
    before: { ollama: 3 },
    after: { ollama: 4, librechat: 1 },
  });
  expect(commands.slice(2)).toEqual(["rollback ollama 3 -e --yes"]);
  expect(said[0]?.split("\n").slice(1, 3)).toEqual([
    "  librechat is new: it has no revision to go back to, and stays",
    "  ollama could not be rolled back to revision 3: see above",
  ]);
});

test("says that there is nothing to go back to where the deploy changed no release", async () => {
  const { commands, said } = await run({
    codes: { verify: 1 },
    rollBack: true,
    after: { ollama: 3, librechat: 2 },
  });
  expect(commands).toHaveLength(2);
  expect(said[0]).toMatch(/this deploy changed no release, so that there is nothing to go back to$/);
});
