import type { RunInPod } from "../../../../applications/pod-program";
import type { Users } from "../../../../applications/users";
import { create, deleteUser, list, resetPassword, usersTable } from "../../../../operations/users/users";
import { SettingsError } from "../../../../settings/settings-error";

const run: RunInPod = () => Promise.reject(new Error("nothing runs here"));

/** A release, what its application is told, and what is printed. */
function release() {
  const told: unknown[] = [];
  const users: Users = {
    check: ({ email }) => {
      if (email === "refused") throw new SettingsError("refused");
    },
    checkPassword: (password) => {
      if (password === "short") throw new SettingsError("too short");
    },
    list: () => Promise.resolve([]),
    create: (_run, user, password) => Promise.resolve(void told.push([user, password])),
    resetPassword: (_run, email, password) => Promise.resolve(void told.push([email, password])),
    delete: (_run, email) => Promise.resolve(void told.push(email)),
  };
  return { told, of: { name: "chat", users, run } };
}

const print = (): void => undefined;

test("somebody is made with the password that was asked for, and no line shows it", async () => {
  const { of, told } = release();
  const lines: string[] = [];
  const ask = jest.fn().mockResolvedValue("Correct-horse-7");
  await create(of, { email: "anna@example.com" }, ask, (line) => lines.push(line));
  await resetPassword(of, "anna@example.com", ask, (line) => lines.push(line));
  expect(ask.mock.calls).toEqual([["password of anna@example.com"], ["new password of anna@example.com"]]);
  expect(told).toEqual([
    [{ email: "anna@example.com" }, "Correct-horse-7"],
    ["anna@example.com", "Correct-horse-7"],
  ]);
  expect(lines.join("\n")).not.toContain("Correct-horse-7");
});

test("nobody types a password for somebody who would be refused, and a bad one reaches no program", async () => {
  const { of, told } = release();
  const ask = jest.fn().mockResolvedValue("short");
  await expect(create(of, { email: "refused" }, ask, print)).rejects.toThrow("refused");
  expect(ask).not.toHaveBeenCalled();
  await expect(create(of, { email: "anna@example.com" }, ask, print)).rejects.toThrow("too short");
  await expect(resetPassword(of, "anna@example.com", ask, print)).rejects.toThrow("too short");
  expect(told).toEqual([]);
});

test.each(["", "anna", "anna @example.com", "anna@example.com\nb@example.com"])(
  "nothing is asked about %j, who is nobody",
  async (email) => {
    const { of, told } = release();
    const ask = jest.fn();
    const why = "expected the address of a user, such as anna@example.com: nothing was changed";
    await expect(resetPassword(of, email, ask, print)).rejects.toThrow(why);
    await expect(deleteUser(of, email, ask, print)).rejects.toThrow(why);
    expect([ask.mock.calls, told]).toEqual([[], []]);
  },
);

test("nobody is deleted without a yes", async () => {
  const { of, told } = release();
  const no = () => Promise.reject(new Error("no"));
  await expect(deleteUser(of, "anna@example.com", no, print)).rejects.toThrow("no");
  expect(told).toEqual([]);
  await deleteUser(of, "anna@example.com", () => Promise.resolve(), print);
  expect(told).toEqual(["anna@example.com"]);
});

test("the table names everybody, and says what it means that nobody is there", () => {
  const created = "2026-11-26T09:15:52.000Z";
  const user = { id: "1", email: "anna@example.com", name: "Anna O'Hara", username: "anna", created };
  expect(usersTable([{ ...user, provider: "local" }])).toBe(
    "anna@example.com                Anna O'Hara (anna)        local     2026-11-26\n",
  );
  expect(usersTable([])).toContain("nobody yet");
});

test("who there is is listed for people, and for programs", async () => {
  const { of } = release();
  const written: string[] = [];
  for (const json of [false, true]) await list(of, json, (text) => written.push(text));
  expect(written).toEqual([usersTable([]), "[]\n"]);
});
