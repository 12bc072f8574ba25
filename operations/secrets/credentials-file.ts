import type { CredentialsStore } from "./stored-credentials";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseEnv } from "node:util";
import type { Credential } from "../../settings/credentials";
import { SettingsError } from "../../settings/settings-error";
import { refuseMisspelt } from "./unknown-keys";

/** The file of an environment's credentials, relative to the repository; git ignores its folder. */
export function credentialsFile(environment: string): string {
  return `credentials/${environment}.env`;
}

/** Credentials in a file that its owner alone can read, in the form that a shell can source. */
export class CredentialsFile implements CredentialsStore {
  public readonly file: string;
  private readonly absolute: string;

  /**
   * @param environment its name
   * @param credentials that it may hold
   */
  constructor(
    root: string,
    private readonly environment: string,
    private readonly credentials: readonly Credential[],
  ) {
    this.file = credentialsFile(environment);
    this.absolute = path.join(root, this.file);
  }

  public exists(): boolean {
    return fs.existsSync(this.absolute);
  }

  /** @throws SettingsError when others can read the file, or a key is misspelt */
  public read(): NodeJS.Dict<string> {
    if (fs.statSync(this.absolute).mode & 0o077) {
      const found = `${this.file}: others can read it, expected mode 600`;
      const next = `chmod 600 ${this.file}`;
      throw new SettingsError(`${found}: run ${next}`, { found, next });
    }
    const stored = parseEnv(fs.readFileSync(this.absolute, "utf8"));
    refuseMisspelt(this.file, stored, this.credentials);
    return stored;
  }

  public add(values: Readonly<Record<string, string>>): void {
    const lines = Object.entries(values).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
    if (this.exists()) {
      const text = fs.readFileSync(this.absolute, "utf8");
      const end = text === "" || text.endsWith("\n") ? "" : "\n";
      return this.write([text, end, ...lines].join(""));
    }
    const head = `# Credentials of the environment ${this.environment}, made by npm run secrets. Never commit this file.\n`;
    fs.mkdirSync(path.dirname(this.absolute), { recursive: true, mode: 0o700 });
    createOnce(this.absolute, this.file, [head, ...lines].join(""), 0o600);
  }

  /** @throws SettingsError when the file has no line for it, or the old value in another place, too */
  public replace(name: string, value: string): void {
    const line = new RegExp(`^([ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=).*$`, "gm");
    const text = fs.readFileSync(this.absolute, "utf8");
    const old = parseEnv(text)[name];
    // The last line of a name counts, and no earlier one may keep the old value.
    const replaced = text.replace(line, (_line, start: string) => start + quoted(value));
    if (!old || parseEnv(replaced)[name] !== value) {
      throw new SettingsError(
        `${this.file}: ${name}: expected a line ${name}=VALUE: write it that way first`,
      );
    }
    // Another variable may have the same; a short one may be part of another word.
    const rest = replaced.replace(/^[ \t]*(?:export[ \t]+)?\w+[ \t]*=.*$/gm, "");
    if (old.length >= 16 && rest.includes(old)) {
      throw new SettingsError(
        `${this.file}: ${name}: its value stands in another place of the file, too, where it would stay: remove it there first`,
      );
    }
    this.write(replaced);
  }

  private write(text: string): void {
    replaceFile(this.absolute, (temporary) => fs.writeFileSync(temporary, text, { flag: "wx", mode: 0o600 }));
  }
}

/** As a shell and Node read it. @param value without an apostrophe */
export function quoted(value: string): string {
  return /^[\w+/=.:@-]*$/.test(value) ? value : `'${value}'`;
}

/**
 * Writes a file that is not there yet.
 *
 * @param shown what a message calls it
 * @throws SettingsError when it is there
 */
export function createOnce(absolute: string, shown: string, text: string, mode: number): void {
  try {
    // wx: fails where the file exists, also when somebody else makes it at this moment.
    fs.writeFileSync(absolute, text, { flag: "wx", mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new SettingsError(
      `${shown}: somebody else made it at this moment, and it is not overwritten: run this again`,
    );
  }
}

/**
 * Puts a new file in the place of an old one in one step, with the permissions of the old one.
 *
 * @param write makes the new one under the name that it is given, in the same folder and with the same ending
 */
export function replaceFile(absolute: string, write: (temporary: string) => void): void {
  // A link stays a link: what it leads to is replaced.
  const real = fs.realpathSync(absolute);
  const { dir, base } = path.parse(real);
  const temporary = path.join(dir, `.${randomBytes(6).toString("hex")}.${base}`);
  try {
    write(temporary);
    fs.chmodSync(temporary, fs.statSync(real).mode & 0o777);
    fs.renameSync(temporary, real);
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}
