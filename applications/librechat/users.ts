import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { check } from "../../settings/check";
import { SettingsError } from "../../settings/settings-error";
import type { PodProgram, PodRun, RunInPod } from "../pod-program";
import { NoSuchUserError, type User, type Users } from "../users";
import { uploadPaths } from "./upload-paths";

const letters = [
  "Latin",
  "Common",
  "Cyrillic",
  "Devanagari",
  "Han",
  "Arabic",
  "Hiragana",
  "Katakana",
  "Hangul",
];
const username = new RegExp(
  `^[a-zA-Z0-9_.@#$%&*()${letters.map((one) => `\\p{Script=${one}}`).join("")}]+$`,
  "u",
);
const unlikely = /'|--|\$ne|\$gt|\$lt|\$or|\{|\}|\*|;|<|>|\/|=/i;

/**
 * What LibreChat takes. What it refuses it logs, the password beside it.
 *
 * @see https://github.com/danny-avila/LibreChat/blob/v0.8.7/api/strategies/validators.js
 */
const newUser = z.object({
  email: z.string().email("expected an address in ASCII, such as anna@example.com"),
  name: z
    .string()
    .min(3, "expected 3 to 80 characters")
    .max(80, "expected 3 to 80 characters")
    .refine((name) => !/^--(email-verified|provider)=/.test(name), "LibreChat takes it for an option"),
  username: z
    .string()
    .min(2, "expected 2 to 80 characters")
    .max(80, "expected 2 to 80 characters")
    .refine((name) => username.test(name), "LibreChat takes letters, digits and _.@#$%&*()")
    .refine((name) => !unlikely.test(name), "LibreChat takes none with ' -- { } * ; < > / = in it")
    .optional(),
});

/**
 * The users of LibreChat, by the programs in its image.
 *
 * @see https://www.librechat.ai/docs/configuration/authentication
 */
export const librechatUsers: Users = {
  check: (user) => void check(newUser, { ...user, name: nameOf(user) }, (path) => path.join(".")),
  checkPassword: (password) => {
    const fault = passwordFault(password);
    if (fault) throw new SettingsError(`the password: ${fault}: nothing was changed`);
  },
  list: async (run) => {
    const ran = await run(program("list-users"));
    const said = plain(ran.stdout);
    const [, total] = /^Total Users: (\d+)$/m.exec(said) ?? [];
    if (ran.exitCode !== 0 || total === undefined) throw failed("its users cannot be listed", ran);
    const users = [...said.matchAll(listed)].map((match): User => {
      const [, id = "", email = "", username, name, provider = "", created = ""] = match;
      const known = (text: string | undefined) => (text === "N/A" ? undefined : text);
      const iso = new Date(created).toISOString();
      return { id, email, name: known(name), username: known(username), provider, created: iso };
    });
    // A name may hold lines that look like another user.
    if (users.length === Number(total)) return users;
    throw new SettingsError(
      `its users cannot be listed: LibreChat counts ${total}, and ${users.length} can be told from each other: one has a name with lines in it`,
    );
  },
  create: async (run, user, password) => {
    // It would make one up where there is none, and would ask for what is missing.
    const { email, username = "" } = user;
    const args = [email, nameOf(user), username, "--email-verified=true"];
    const ran = await run(program("create-user", args, [{ asked: "Password:", line: password }]));
    if (ran.exitCode === 0 && ran.stdout.includes("User created successfully!")) return;
    if (ran.stdout.includes("already exists!")) {
      throw new SettingsError(
        `${email}: there is a user with this address${username && ` or the user name ${username}`} (npm run users -- list): nothing was changed`,
      );
    }
    throw failed(`${email}: no user was made`, ran);
  },
  resetPassword: async (run, email, password) => {
    const ran = await run(
      program(
        "reset-password",
        [],
        [
          { asked: "Enter user email:", line: email },
          { asked: "Enter new password:", line: password },
          { asked: "Confirm new password:", line: password },
        ],
      ),
    );
    if (ran.exitCode === 0 && ran.stdout.includes("Password successfully reset!")) return;
    if (ran.stderr.includes("User not found!")) throw new NoSuchUserError(email);
    throw failed(`${email}: the password is as it was`, ran);
  },
  delete: async (run, email) => {
    const ran = await run(
      program(
        "delete-user",
        [email],
        [
          { asked: "Really delete user", line: "y" },
          { asked: "Also delete all transaction history", line: "y" },
        ],
      ),
    );
    const said = plain(ran.stdout);
    if (said.includes("No user found with email")) throw new NoSuchUserError(email);
    const [, id] = /^Really delete user .* \(([0-9a-f]{24})\) and ALL/m.exec(said) ?? [];
    if (ran.exitCode !== 0 || id === undefined || !said.includes("Successfully deleted user")) {
      throw failed(`${email}: was not deleted`, ran);
    }
    await removeFiles(run, email, id);
  },
};

/** What a user uploaded: LibreChat's own program leaves it. */
async function removeFiles(run: RunInPod, email: string, id: string): Promise<void> {
  const { images, uploads } = uploadPaths;
  const directories = [images, uploads, `${uploads}/temp`].map((path) => `${path}/${id}`);
  const script =
    'for (const one of process.argv.slice(1)) require("fs").rmSync(one, { recursive: true, force: true })';
  const ran = await run({ command: ["node", "-e", script, ...directories] });
  if (ran.exitCode !== 0) {
    const { message } = failed(`${email}: is deleted, and what it uploaded is not`, ran);
    const next = `see why, then delete in its pod what is there of ${directories.join(", ")}`;
    throw new SettingsError(`${message}: ${next}`, { found: message, next });
  }
}

/** As {@link librechatUsers} reads them: the name is the only one that may hold lines. */
const listed =
  /^ID: ([0-9a-f]{24})\nEmail: (.*)\nUsername: (.*)\nName: ([^]*?)\nProvider: (.*)\nCreated: (.*)\n-{40}$/gm;

function nameOf({ email, name }: { readonly email: string; readonly name?: string }): string {
  const [local = ""] = email.split("@");
  return name ?? (local.length < 3 ? email : local);
}

function passwordFault(password: string): string | undefined {
  if (/[\r\n]/.test(password)) return "expected one line, found several";
  if (password.trim() === "")
    return `expected 8 to 128 characters, found ${password ? "spaces alone" : "nothing"}`;
  if (password.length < 8 || password.length > 128)
    return `expected 8 to 128 characters, found ${password.length}`;
  return undefined;
}

function program(
  script: string,
  args: readonly string[] = [],
  answers: PodProgram["answers"] = [],
): PodProgram {
  return {
    // What it refuses it logs, the password beside it: to whoever runs it, and into no file.
    command: ["env", "LOG_TO_FILE=false", "node", `config/${script}.js`, ...args],
    answers,
    // It loads all of LibreChat first, beside the one that serves.
    timeoutMs: 120_000,
  };
}

/** Its own word for what is wrong. The rest is its log, which is not shown: it may hold a password. */
function failed(what: string, { exitCode, stdout, stderr }: PodRun): SettingsError {
  const [, reason] = /^(?:\w*Error|Error \w[\w ]*): (.*)$/m.exec(`${plain(stdout)}\n${plain(stderr)}`) ?? [];
  return new SettingsError(
    `${what}: ${reason ?? `LibreChat's program ended with exit code ${exitCode} and gave no reason`}`,
  );
}

function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll("\r\n", "\n");
}
