import type { CredentialsStore } from "./stored-credentials";
import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import { InterruptedError } from "../errors/interrupted-error";
import { OperationError } from "../errors/operation-error";
import { nearest } from "../../settings/nearest";
import type { Credential } from "../../settings/credentials";
import { SettingsError } from "../../settings/settings-error";
import { createOnce, replaceFile } from "./credentials-file";

/** What sops exits with when no key that it finds decrypts a file. */
const noKeyFits = 128;

/**
 * Credentials in a file that the program sops encrypts, and that can be committed: dotenv, YAML or JSON by its ending, one
 * key `TF_VAR_…` each, so that `sops exec-env FILE 'npx cdktf deploy …'` works as well.
 *
 * What is decrypted passes through pipes alone: it is in no file and in no process's arguments.
 *
 * @see https://getsops.io/docs/
 */
export class SopsFile implements CredentialsStore {
  private readonly absolute: string;

  /**
   * @param file relative to the repository
   * @param credentials that it may hold
   * @param variables the process's environment: sops finds its keys by SOPS_AGE_KEY_FILE and the like
   */
  constructor(
    private readonly root: string,
    public readonly file: string,
    private readonly credentials: readonly Credential[],
    private readonly variables: NodeJS.ProcessEnv,
  ) {
    this.absolute = path.join(root, file);
  }

  public exists(): boolean {
    return fs.existsSync(this.absolute);
  }

  public read(): NodeJS.Dict<string> {
    const { exitCode, stdout, stderr } = this.sops(["decrypt", "--output-type", "json", this.file]);
    if (exitCode !== 0) throw this.unreadable(exitCode, stderr);
    const values = JSON.parse(stdout) as Record<string, unknown>;
    for (const key of Object.keys(values)) this.refuseMisspelt(key, values);
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        if (typeof value === "string") return [name, value];
        throw new SettingsError(
          `${this.file}: ${name}: expected a string, found a ${typeof value}: put it in quotes`,
        );
      }),
    );
  }

  public add(values: Readonly<Record<string, string>>): void {
    if (this.exists()) return this.set(values);
    const dotenv = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
    const typed = this.file.endsWith(".env") ? dotenv.join("") : JSON.stringify(values);
    const { exitCode, stdout, stderr } = this.sops(
      [
        "encrypt",
        ...["--filename-override", this.file],
        // JSON is YAML, so that one text serves both.
        ...["--input-type", this.file.endsWith(".env") ? "dotenv" : "json"],
      ],
      typed,
    );
    if (exitCode !== 0) throw this.noRecipient(stderr);
    createOnce(this.absolute, this.file, stdout.endsWith("\n") ? stdout : `${stdout}\n`, 0o644);
  }

  public replace(name: string, value: string): void {
    this.set({ [name]: value });
  }

  private set(values: Readonly<Record<string, string>>): void {
    replaceFile(this.absolute, (temporary) => {
      fs.copyFileSync(this.absolute, temporary);
      for (const [name, value] of Object.entries(values)) {
        const { exitCode, stderr } = this.sops(
          ["set", "--value-stdin", temporary, `["${name}"]`],
          JSON.stringify(value),
        );
        if (exitCode !== 0) throw this.unreadable(exitCode, stderr);
      }
    });
  }

  private sops(
    args: readonly string[],
    input = "",
  ): { readonly exitCode: number; readonly stdout: string; readonly stderr: string } {
    const run = execa.sync("sops", args, {
      cwd: this.root,
      env: this.variables,
      extendEnv: false,
      reject: false,
      input,
    });
    if ((run.signal as string | undefined) !== undefined) {
      throw new InterruptedError(`sops was ended (${run.signal}): ${this.file} is as it was`);
    }
    if (run.exitCode === undefined) {
      const found = `${this.file} is encrypted by sops, and the program sops is not on PATH`;
      const next =
        "install it (https://getsops.io/docs/#download), or set the variables TF_VAR_… of all credentials";
      throw new OperationError(`${found}: ${next}`, { found, next });
    }
    return run;
  }

  private unreadable(exitCode: number, stderr: string): OperationError {
    const [why, next] =
      exitCode === noKeyFits
        ? [
            ": no key that is here decrypts it",
            "name yours by SOPS_AGE_KEY_FILE or log in to the key service, or have yours added by somebody whose key does (sops updatekeys)",
          ]
        : /metadata not found/.test(stderr)
          ? [
              ": it is not encrypted",
              `if it was ever committed or shared make new values; encrypt it with sops encrypt --in-place ${this.file}`,
            ]
          : /flag provided but not defined/.test(stderr)
            ? [": this version of sops is too old", "install a newer one"]
            : // What sops says of a damaged file may quote it, which is cipher text.
              ["", `sops says more of it: sops decrypt ${this.file} >/dev/null`];
    const found = `${this.file}: sops could not decrypt it${why}`;
    return new OperationError(`${found}: ${next}`, { found, next });
  }

  private noRecipient(stderr: string): OperationError {
    const missing = /no matching creation rules|config file not found/.test(stderr);
    return new OperationError(
      missing
        ? `${this.file}: sops does not know for whom to encrypt it: add a creation rule to .sops.yaml, such as\n` +
            `  creation_rules: [{ path_regex: ^${this.file.replaceAll(".", "\\.")}$, age: age1… }]`
        : // Its message may quote the text that it was given.
          `${this.file}: sops could not encrypt it: correct its rule in .sops.yaml, and try it with sops encrypt --filename-override ${this.file}`,
    );
  }

  /** A key that is none may be of a release that does not run, or of an option that is off: it is kept. */
  private refuseMisspelt(key: string, values: Record<string, unknown>): void {
    const names = this.credentials.map(({ variable }) => `TF_VAR_${variable}`);
    if (names.includes(key)) return;
    const byKey = this.credentials.find(
      (credential) => credential.key === key || credential.variable === key,
    );
    const missing = names.filter((name) => !(name in values));
    const meant = byKey ? `TF_VAR_${byKey.variable}` : nearest(key, missing);
    if (meant === undefined && key.startsWith("TF_VAR_")) return;
    throw new SettingsError(
      `${this.file}: ${key}: unknown key${meant ? `, did you mean ${meant}?` : ""} (allowed: ${names.join(", ")})`,
    );
  }
}
