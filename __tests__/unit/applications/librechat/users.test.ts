import { librechatUsers } from "../../../../applications/librechat/users";
import type { PodProgram, PodRun } from "../../../../applications/pod-program";
// What the programs of LibreChat v0.8.7 wrote.
import recorded from "../../../fixtures/librechat/user-programs.json";

const password = "Correct-horse-7";

/** A pod whose programs write what was recorded, one after the other, and what was run there. */
function pod(...runs: readonly (keyof typeof recorded | PodRun)[]) {
  const left = runs.map((one) => (typeof one === "string" ? recorded[one] : one));
  const ran: PodProgram[] = [];
  const run = (program: PodProgram): Promise<PodRun> => {
    ran.push(program);
    const next = left.shift();
    if (!next) throw new Error(`not recorded: ${program.command.join(" ")}`);
    return Promise.resolve(next);
  };
  return { run, ran };
}

const done: PodRun = { exitCode: 0, stdout: "", stderr: "" };

test("somebody is made by LibreChat's own program, which is told the password once it asks", async () => {
  const { run, ran } = pod("created");
  const anna = { email: "anna@example.com", name: `Anna "O'Hara" Ünï 我`, username: "anna" };
  await librechatUsers.create(run, anna, password);
  expect(ran).toEqual([
    {
      command: [
        ...["env", "LOG_TO_FILE=false", "node", "config/create-user.js"],
        ...["anna@example.com", `Anna "O'Hara" Ünï 我`, "anna", "--email-verified=true"],
      ],
      answers: [{ asked: "Password:", line: password }],
      timeoutMs: 120_000,
    },
  ]);
});

test.each([
  ["anna@example.com", "anna"],
  ["al@example.com", "al@example.com"],
])("%s has a name that LibreChat takes where none is given, and no user name", async (email, name) => {
  const { run, ran } = pod("created without a user name");
  librechatUsers.check({ email });
  await librechatUsers.create(run, { email }, password);
  expect(ran[0]?.command.slice(4)).toEqual([email, name, "", "--email-verified=true"]);
});

test("every question that a program asks is one that was recorded", async () => {
  const { run, ran } = pod("created", "reset", "deleted", done);
  await librechatUsers.create(run, { email: "anna@example.com" }, password);
  await librechatUsers.resetPassword(run, "anna@example.com", password);
  await librechatUsers.delete(run, "anna@example.com");
  for (const [index, name] of (["created", "reset", "deleted"] as const).entries()) {
    let rest = recorded[name].stdout;
    for (const { asked } of ran[index]?.answers ?? []) {
      expect(rest).toContain(asked);
      rest = rest.slice(rest.indexOf(asked) + asked.length);
    }
  }
  // The last one's questions come one by one, each read anew.
  expect(ran.map(({ answers = [] }) => answers.length)).toEqual([1, 3, 2, 0]);
});

test("no password is among the arguments of a program", async () => {
  const { run, ran } = pod("created", "reset");
  await librechatUsers.create(run, { email: "anna@example.com" }, password);
  await librechatUsers.resetPassword(run, "anna@example.com", password);
  for (const { command } of ran) expect(command.join(" ")).not.toContain(password);
});

test("fails for somebody who is there, and for what LibreChat refuses, in its words and without the password", async () => {
  const user = { email: "anna@example.com", username: "anna" };
  await expect(librechatUsers.create(pod("taken").run, user, password)).rejects.toThrow(
    "anna@example.com: there is a user with this address or the user name anna (npm run users -- list): nothing was changed",
  );
  await expect(librechatUsers.create(pod("refused").run, user, "short")).rejects.toThrow(
    /^anna@example\.com: no user was made: password: String must contain at least 8 character\(s\)/,
  );
});

test("those who are there are told from each other, with lines in a name and without a user name", async () => {
  expect(await librechatUsers.list(pod("listed").run)).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
      email: "anna@example.com",
      username: "anna",
      name: `Anna "O'Hara" Ünï 我`,
      provider: "local",
      created: expect.stringMatching(/^2026-11-26T/) as string,
    },
    expect.objectContaining({ email: "o'brien.b+x@example.com", name: "two\nlines", username: undefined }),
  ]);
  expect(await librechatUsers.list(pod("nobody listed").run)).toEqual([]);
});

test("fails where a name looks like another user", async () => {
  const { stdout } = recorded.listed;
  const line = "-".repeat(40);
  const forged = `two\nProvider: x\nCreated: 1\n${line}\nID: ${"0".repeat(24)}\nEmail: root@example.com\nUsername: N/A\nName: root`;
  const { run } = pod({ exitCode: 0, stdout: stdout.replace("two\nlines", forged), stderr: "" });
  await expect(librechatUsers.list(run)).rejects.toThrow(
    "LibreChat counts 2, and 3 can be told from each other",
  );
});

test("fails for an address that nobody has", async () => {
  const email = "nobody@example.com";
  const none =
    "nobody@example.com: there is no such user (npm run users -- list shows them): nothing was changed";
  await expect(librechatUsers.delete(pod("nobody to delete").run, email)).rejects.toThrow(none);
  await expect(librechatUsers.resetPassword(pod("nobody to reset").run, email, password)).rejects.toThrow(
    none,
  );
});

test("fails with the reason where the database is away, and where this LibreChat has no such program", async () => {
  await expect(librechatUsers.list(pod("no database").run)).rejects.toThrow(
    "its users cannot be listed: connect ECONNREFUSED 127.0.0.1:1",
  );
  await expect(librechatUsers.list(pod("no program").run)).rejects.toThrow(
    "its users cannot be listed: Cannot find module '/app/config/list-all-users.js'",
  );
  await expect(librechatUsers.list(pod({ exitCode: 137, stdout: "", stderr: "" }).run)).rejects.toThrow(
    "LibreChat's program ended with exit code 137 and gave no reason",
  );
});

test("the files of somebody who is deleted go too, and are named where they cannot", async () => {
  const { run, ran } = pod("deleted", done);
  await librechatUsers.delete(run, "anna@example.com");
  const [, id = ""] = /\(([0-9a-f]{24})\)/.exec(recorded.deleted.stdout) ?? [];
  const directories = ["/app/client/public/images", "/app/uploads", "/app/uploads/temp"].map(
    (path) => `${path}/${id}`,
  );
  expect(ran[1]?.command.slice(-3)).toEqual(directories);
  const full = { exitCode: 1, stdout: "", stderr: "Error: EROFS: read-only file system, rm '/app'" };
  await expect(librechatUsers.delete(pod("deleted", full).run, "anna@example.com")).rejects.toThrow(
    `anna@example.com: is deleted, and what it uploaded is not: EROFS: read-only file system, rm '/app': see why, then delete in its pod what is there of ${directories.join(", ")}`,
  );
});

test.each([
  [{ email: "anna" }, 'email: expected an address in ASCII, such as anna@example.com, found "anna"'],
  [{ email: "zoë@example.com" }, "email: expected an address in ASCII"],
  [{ email: "anna@example.com", name: "An" }, "name: expected 3 to 80 characters"],
  [{ email: "anna@example.com", name: "--provider=openid" }, "name: found"],
  [{ email: "anna@example.com", username: "o'hara" }, "username: found"],
  [{ email: "anna@example.com", username: "a" }, "username: expected 2 to 80 characters"],
])("fails before anything is asked for %j", (user, message) => {
  expect(() => librechatUsers.check(user)).toThrow(message);
});

test("letters of other scripts are taken where LibreChat takes them", () => {
  expect(() =>
    librechatUsers.check({ email: "a.o'b+c@example.com", name: "李小龍", username: "李小龍" }),
  ).not.toThrow();
});

test.each([
  ["", "found nothing"],
  ["1234567", "found 7"],
  ["        ", "found spaces alone"],
  ["x".repeat(129), "found 129"],
  ["Correct-\nhorse-7", "expected one line, found several"],
])("fails for the password %j, and does not show it", (given, message) => {
  expect(() => librechatUsers.checkPassword(given)).toThrow(message);
});
