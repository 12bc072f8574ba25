import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { OperationError } from "../errors/operation-error";
import { kubernetesVersion } from "../sandbox/components";
import type { YamlMap } from "../../settings/yaml-file";

/** One value that differs from what a base sets. */
export interface ValueChange {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** What is around the values that a chart is rendered with. */
export interface ProbeBase {
  readonly values: YamlMap;
  /** Whether the cluster has every API that a template asks for. @default false */
  readonly apis?: boolean;
  /** Whether a release is there already. @default false */
  readonly upgrade?: boolean;
}

/** What came of one rendering. */
export interface ProbeAnswer {
  /** Whether it differs from that of its base; one that fails differs. */
  readonly changed: boolean;
  /** Why it does not render. @default - it renders */
  readonly error?: string;
}

/**
 * A chart that is rendered again and again, in one process with Helm's own packages: a few milliseconds each time.
 *
 * What is random in a chart is the same each time. JSON schemas are not asked, and the notes count for their errors alone.
 */
export class ChartProbe {
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, (answer: ProbeAnswer) => void>();
  private readonly ended: Promise<string>;
  private next = 0;

  /**
   * @param program see `provideProbe`
   * @param chart a package
   */
  public constructor(program: string, chart: string, release: string) {
    this.process = spawn(program, [chart, release, kubernetesVersion()], { stdio: "pipe" });
    let errors = "";
    this.process.stderr?.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
    this.process.stdin?.on("error", () => undefined);
    createInterface({ input: this.process.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      const { id, ...answer } = JSON.parse(line) as ProbeAnswer & { id: number };
      this.waiting.get(id)?.(answer);
      this.waiting.delete(id);
    });
    this.ended = new Promise((resolve) => {
      this.process.on("error", (error) => resolve(error.message));
      this.process.on("close", () => resolve(errors.trim().split("\n").at(-1) ?? ""));
    });
  }

  /** Makes a base. @returns why it does not render, `undefined` where it does */
  public async base(name: string, base: ProbeBase): Promise<string | undefined> {
    return (await this.ask({ base: name, ...base })).error;
  }

  /**
   * Renders a base with some values changed.
   *
   * @param full whether all is rendered, and not only what mentions one of the values
   */
  public changed(base: string, set: readonly ValueChange[], full = false): Promise<ProbeAnswer> {
    return this.ask({ base, set, full });
  }

  /** Ends the process. */
  public close(): void {
    this.process.stdin?.end();
    this.process.kill();
  }

  private async ask(request: object): Promise<ProbeAnswer> {
    const id = this.next++;
    const answer = new Promise<ProbeAnswer>((resolve) => this.waiting.set(id, resolve));
    this.process.stdin?.write(`${JSON.stringify({ id, ...request })}\n`);
    const first = await Promise.race([answer, this.ended]);
    if (typeof first !== "string") return first;
    throw new OperationError(`the chart cannot be rendered: ${first || "its renderer ended"}`);
  }
}
