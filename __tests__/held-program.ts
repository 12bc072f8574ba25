import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { findProgram } from "../operations/sandbox/toolchain";

/**
 * A program in the place of the one of its name: it does what that one does, and does not end where it is to be held. So a
 * command stands still where a test wants to look at it, however busy the machine is.
 */
export class HeldProgram {
  /** Where it is. */
  public readonly file: string;
  private readonly server: net.Server;
  private readonly held = new Set<net.Socket>();

  /**
   * @param folder made for it, to be put first on PATH
   * @param program such as `terraform`, or a path
   * @param argument which runs are held: those that have it
   */
  constructor(
    private readonly folder: string,
    program: string,
    argument: string,
  ) {
    const real = findProgram(program, process.env);
    if (!real) throw new Error(`${program} is no program`);
    fs.mkdirSync(folder);
    const socket = path.join(folder, "socket");
    this.server = net.createServer((connection) => this.held.add(connection)).listen(socket);
    this.file = path.join(folder, path.basename(program));
    fs.writeFileSync(
      this.file,
      `#!${process.execPath}
const args = process.argv.slice(2);
const { status } = require("node:child_process").spawnSync(${JSON.stringify(real)}, args, { stdio: "inherit" });
if (!args.includes(${JSON.stringify(argument)})) process.exit(status ?? 1);
require("node:net").connect(${JSON.stringify(socket)}).on("close", () => process.exit(status ?? 1)).resume();
`,
      { mode: 0o755 },
    );
  }

  /**
   * Waits until so many of its runs are held.
   *
   * @param work what runs it: it must not end before
   */
  public async reached(count: number, work: Promise<unknown>): Promise<void> {
    const early = work.then((answer) => {
      throw new Error(`it ended before ${this.file} was held: ${JSON.stringify(answer)}`);
    });
    early.catch(() => undefined);
    while (this.held.size < count) await Promise.race([once(this.server, "connection"), early]);
  }

  /** Lets all go on, and removes it. */
  public close(): void {
    for (const connection of this.held) connection.destroy();
    this.server.close();
    fs.rmSync(this.folder, { recursive: true });
  }
}
