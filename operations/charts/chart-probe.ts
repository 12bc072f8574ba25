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
  /** The name of the release. @default - that of the chart */
  readonly release?: string;
  /** Whether a release is there already. @default false */
  readonly upgrade?: boolean;
  /** Whether its leaves most likely do nothing: they are looked at together, and some work is kept for that. @default false */
  readonly together?: boolean;
  /** Whether its JSON schemas are asked, and what it renders must be YAML. @default false */
  readonly strict?: boolean;
}

/** Work that brings the contract of nearly every chart about within ten seconds, in units of about ten nanoseconds. */
export const mostWork = 720_000_000;

/** The error of a base that is made when all of that is done. */
export const noWorkLeft = "no work is left";

/** What came of one rendering. */
export interface ProbeAnswer {
  /** Whether it differs from that of its base; one that fails differs. */
  readonly changed: boolean;
  /** Why it does not render. @default - it renders */
  readonly error?: string;
}

/** A place in the values of a base, and what may stand there instead: of several, the first that changes something counts. */
export interface ProbeLeaf {
  readonly path: readonly (string | number)[];
  readonly values: readonly unknown[];
}

/** What the change of one leaf does to what the others do; leaves by their position. */
export interface ProbeGate {
  readonly leaf: number;
  /** What it is changed to. */
  readonly value: unknown;
  /** Those that change something, and nothing when this one is changed. @default - none */
  readonly closes?: readonly number[];
  /** Those that change nothing, and something when this one is changed. @default - none */
  readonly opens?: readonly number[];
}

/** What leaves do in a base. */
export interface ProbeEffects {
  /** By leaf: whether it changes something; undefined where the chart fails over it, or it takes more work than is left. */
  readonly alive: readonly (boolean | undefined)[];
  /** By leaf: whether the chart fails over it. */
  readonly fails: readonly boolean[];
  /** @default - it was not asked for */
  readonly gates?: readonly ProbeGate[];
}

/**
 * A chart that is rendered again and again, in one process with Helm's own packages: a few milliseconds each time.
 *
 * What is random in a chart is the same each time. JSON schemas are asked where it is to be strict alone, and the notes count for their errors.
 */
export class ChartProbe {
  /** Processor time that it took until now. */
  public seconds = 0;
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, (answer: ProbeAnswer) => void>();
  private readonly ended: Promise<string>;
  private next = 0;

  /**
   * @param program see `provideProbe`
   * @param chart a package
   * @param most work, in units of about ten nanoseconds: leaves that take more than is left are not tried. @default `mostWork`
   */
  public constructor(program: string, chart: string, release: string, most = mostWork) {
    this.process = spawn(program, [chart, release, kubernetesVersion(), String(most)], { stdio: "pipe" });
    let errors = "";
    this.process.stderr?.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
    this.process.stdin?.on("error", () => undefined);
    createInterface({ input: this.process.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      const { id, seconds, ...answer } = JSON.parse(line) as ProbeAnswer & { id: number; seconds: number };
      this.seconds = Math.max(this.seconds, seconds);
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

  /**
   * Says of each leaf whether it changes something.
   *
   * @param gates whether to say as well what each does to the others
   */
  public async effects(base: string, leaves: readonly ProbeLeaf[], gates: boolean): Promise<ProbeEffects> {
    if (!leaves.length) return { alive: [], fails: [] };
    const answer = await this.ask({ base, leaves, gates });
    const { states = [], gates: found } = answer as {
      states?: readonly number[];
      gates?: readonly ProbeGate[];
    };
    return {
      alive: states.map((state) => (state > 1 ? undefined : state === 1)),
      fails: states.map((state) => state === 2),
      ...(found && { gates: found }),
    };
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
