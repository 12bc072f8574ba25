import * as fs from "node:fs";
import * as path from "node:path";

/** The password of the database: nothing may show it. */
export const password = "Correct-horse-battery-7";

// MongoDB's own tools, as far as what calls them can tell: the database is one file.
const tools = {
  mongodump: `grep -q "${password}" "\${1#--config=}" || exit 9
    [ -e "$HOLD" ] && { echo half; sleep 600; }
    [ -e "$BROKEN" ] && { echo half; until [ -e "\${TAKEN:-/}" ]; do sleep 0.1; done; echo "cannot log in with ${password}" >&2; exit 1; }
    echo "done dumping LibreChat.users ($(wc -l < "$DATABASE") documents)" >&2; cat "$DATABASE"`,
  mongorestore: `grep -q "${password}" "\${1#--config=}" || exit 9
    [ -e "$HOLD" ] && { : > "$HELD"; sleep 600; }
    cat >> "$DATABASE"`,
  // As its own, it is a Node, and says what comes of each line.
  mongosh: `case "$*" in *require*) shift 3; echo chatter; exec node -e "$1" ;; *drop*) : > "$DATABASE" ;; *count*) wc -l < "$DATABASE" ;; esac`,
};

/** What the pod of a backup has: its claims are folders of this machine, and what runs in it runs here. */
export class BackupContainer {
  /** The working directory of its program. */
  public readonly directory: string;
  public readonly variables: { readonly [name: string]: string };

  /**
   * @param base an empty folder, absolute
   * @param program its files, as they are deployed
   */
  constructor(
    private readonly base: string,
    program: { readonly [file: string]: string },
  ) {
    this.directory = this.at("pod");
    for (const name of ["program", "uploads/anna", "images/anna", "backups"]) {
      fs.mkdirSync(this.file(name), { recursive: true });
    }
    fs.mkdirSync(this.at("bin"));
    for (const [name, text] of Object.entries(tools)) {
      fs.writeFileSync(this.at(`bin/${name}`), `#!/bin/bash\nset -e\n${text}\n`, { mode: 0o755 });
    }
    for (const [name, text] of Object.entries(program)) fs.writeFileSync(this.file(`program/${name}`), text);
    this.variables = {
      PATH: `${this.at("bin")}:${process.env.PATH}`,
      MONGO_URI: `mongodb://librechat:${password}@database:27017/LibreChat`,
      ...{ RELEASE: "librechat", KEEP: "2", TMPDIR: base },
      ...{ DATABASE: this.at("database"), HOLD: this.at("hold"), BROKEN: this.at("broken") },
      HELD: this.at("held"),
    };
  }

  /** A file of its working directory. */
  public file(name: string): string {
    return path.join(this.directory, name);
  }

  /** What people have, in more than one piece, and what names of files can be. */
  public fill(): void {
    fs.writeFileSync(this.at("database"), "anna\nbert\n");
    fs.writeFileSync(this.file("uploads/anna/large.bin"), Buffer.alloc(9_000_000, "0123456789abcde"));
    fs.writeFileSync(this.file("uploads/anna/über alles.txt"), "a document");
    fs.writeFileSync(this.file("images/anna/cat.png"), "an image");
  }

  public empty(): void {
    fs.writeFileSync(this.at("database"), "");
    for (const name of ["uploads", "images"]) {
      fs.rmSync(this.file(name), { recursive: true });
      fs.mkdirSync(this.file(name));
    }
  }

  /** All that a platform has, file by file. */
  public data(): { readonly [file: string]: string } {
    const files = ["uploads", "images"].flatMap((name) =>
      fs
        .readdirSync(this.file(name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name)),
    );
    return Object.fromEntries(
      [this.at("database"), ...files].sort().map((file) => [file, fs.readFileSync(file, "latin1")]),
    );
  }

  /** Replaces the database. */
  public write(database: string): void {
    fs.writeFileSync(this.at("database"), database);
  }

  /** From now on saving and restoring the database do not end (`hold`), or saving it fails (`broken`). */
  public make(fault: "hold" | "broken"): void {
    fs.writeFileSync(this.at(fault), "");
  }

  /** From now on they do what they should. */
  public mend(): void {
    for (const fault of ["hold", "broken"]) fs.rmSync(this.at(fault), { force: true });
  }

  /** Whether restoring the database was held. */
  public isHeld(): boolean {
    return fs.existsSync(this.at("held"));
  }

  private at(name: string): string {
    return path.join(this.base, name);
  }
}
