import type { RunInPod } from "./pod-program";

/** How a question to a deployed release ended. What could not be asked is no pass. */
export type QuestionResult = "passed" | "failed" | "not checked";

/** What came of a question. */
export interface Answer {
  readonly result: QuestionResult;
  /** What was found, in words. */
  readonly found: string;
  /** What to do about it. @default - nothing is to be done */
  readonly fix?: string;
  /** Of a completion. @default - it was none */
  readonly tokensPerSecond?: number;
}

/** How a path is asked. */
export interface RequestOptions {
  /** Sent as JSON. @default - nothing is sent */
  readonly body?: unknown;
  /** Sent as a form, in the place of a body. @default - none */
  readonly form?: FormData;
  /** @default - POST where something is sent, otherwise GET */
  readonly method?: "DELETE";
  /** Whether a redirection is answered as it is. @default - it is followed */
  readonly redirect?: "manual";
  /** @default - none but what the connection needs */
  readonly headers?: { readonly [name: string]: string };
  /** How long an answer may take, in milliseconds. @default 10000 */
  readonly timeoutMs?: number;
}

/** What a path answers, success or not. */
export interface RequestAnswer {
  readonly status: number;
  /** The media type, such as `image/png`, with its parameters. */
  readonly type: string;
  readonly text: string;
  /** Where it redirects to. @default - nowhere */
  readonly location?: string;
  /** Those that it sets, with their attributes. */
  readonly cookies: readonly string[];
}

/** A deployed release, for whoever asks it: through a port-forward or through its ingress. */
export interface DeployedRelease {
  /** Whether its pod is on a simulated node: no container runs there, and another server may answer for it. */
  readonly simulated: boolean;
  /** How a command for people begins that asks its cluster, such as `kubectl --context minikube`. */
  readonly kubectl: string;
  /** How one begins that runs in its pod: `kubectl … exec svc/NAME --`. */
  readonly exec: string;
  /** The one that prints its log. */
  readonly logs: string;
  /** What a path of it answers, whatever it is. Where nobody answers the question ends. */
  request(path: string, options?: RequestOptions): Promise<RequestAnswer>;
  /** What a path of it answers. What is no success ends the question: it failed. */
  text(path: string, options?: RequestOptions): Promise<string>;
  /** The same for JSON. What is none ends the question too. */
  json(path: string, options?: RequestOptions): Promise<unknown>;
  /** Runs a program in a pod of it. One that cannot be run ends the question. */
  readonly run: RunInPod;
}

/** What `npm run verify` asks of a deployed release. */
export interface Question {
  /** Shown after the name of the release, such as `completion`. */
  readonly name: string;
  readonly ask: (deployed: DeployedRelease) => Promise<Answer>;
  /**
   * What to do when it cannot be asked.
   *
   * @default - to look at the log of the release, or at what leads to its ingress
   */
  readonly fix?: (deployed: DeployedRelease) => string;
}

/** Questions of somebody who comes for them, and leaves nothing behind. */
export interface Visit {
  /** Where it does not pass, none of the others is asked. */
  readonly arrive: Question;
  readonly questions: readonly Question[];
  /** Takes everything away that was made: asked in any case, also after a question that failed, or was not waited for. */
  readonly leave: Question;
}

export function passed(found: string): Answer {
  return { result: "passed", found };
}

export function failed(found: string, fix?: string): Answer {
  return { result: "failed", found, ...(fix !== undefined && { fix }) };
}

export function notChecked(found: string): Answer {
  return { result: "not checked", found };
}

/** Whether a path answers with a success, and with JSON where that is expected. */
export function answers(path: string, expected: "anything" | "JSON" = "anything"): Question {
  return {
    name: path,
    ask: async (deployed) => {
      if (expected === "anything") return passed(beginning(await deployed.text(path)) || "answers");
      await deployed.json(path);
      return passed("answers JSON");
    },
  };
}

/** The first line of an answer, as much of it as fits into a line beside its question. */
function beginning(text: string): string {
  const [line = ""] = text.trim().split("\n");
  return line && `answers ${line.slice(0, 40)}`;
}
