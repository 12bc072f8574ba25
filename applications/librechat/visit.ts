import { randomBytes, randomUUID } from "node:crypto";
import { SettingsError } from "../../settings/settings-error";
import { isMap, valueAt } from "../../settings/yaml-file";
import type { ApplicationRelease } from "../application";
import {
  type Answer,
  type DeployedRelease,
  failed,
  notChecked,
  passed,
  type Question,
  type Visit,
} from "../question";
import { chosenForSomebodyNew, endOfStream } from "./first-chat";
import { NoSuchUserError } from "../users";
import type { LibrechatSettings } from "./settings";
import { librechatUsers } from "./users";
import { uploadDocument, uploadForSearch, uploadImage } from "./visit-files";
import { fieldsOf, logIn, said, type Visitor } from "./visitor";

/** A model may have to be loaded first, on a CPU. */
const completionMs = 300_000;

/**
 * Somebody new, made for it, who logs in, sends one message, uploads a document and an image, looks for the message, and is
 * deleted with all of it.
 */
export function librechatVisit({ name, own }: ApplicationRelease<LibrechatSettings>): Visit {
  const [domain = "example.com"] = own.login.emailDomains ?? [];
  const email = `verify-${randomBytes(8).toString("hex")}@${domain}`;
  const password = randomBytes(24).toString("base64url");
  /** Nobody else's message has it. */
  const word = `verify${randomBytes(8).toString("hex")}`;
  let making: Promise<void> | undefined;
  let visitor: Visitor | undefined;
  let conversation: string | undefined;
  let isAnswered = false;

  type Asking = (visitor: Visitor, deployed: DeployedRelease) => Promise<Answer>;
  const loggedIn = (question: string, ask: Asking): Question => ({
    name: question,
    ask: async (deployed) => (visitor ? ask(visitor, deployed) : notChecked("nobody is logged in")),
  });
  const answered = (question: string, ask: (...args: [...Parameters<Asking>, string]) => Promise<Answer>) =>
    loggedIn(question, async (one, deployed) =>
      isAnswered && conversation !== undefined
        ? ask(one, deployed, conversation)
        : notChecked("no message was answered"),
    );

  const arrive: Question = {
    name: "login",
    ask: async (deployed) => {
      const other = otherLogin(await deployed.json("/api/config"));
      if (other) return notChecked(`users log in through ${other} alone: nobody can be made for this`);
      making = librechatUsers.create(deployed.run, { email, name: "npm run verify" }, password);
      try {
        await making;
      } catch (error) {
        if (error instanceof SettingsError) return failed(error.message, deployed.logs);
        throw error;
      }
      const result = await logIn(deployed, email, password);
      if ("status" in result) {
        return failed(`/api/auth/login answers ${said(result)} to somebody who was just made`, deployed.logs);
      }
      visitor = result;
      return passed("somebody new was made, and is logged in");
    },
  };

  const firstMessage = loggedIn("first message", async ({ ask }, { logs }) => {
    const [config = {}, endpoints = {}, models = {}] = await Promise.all(
      ["/api/config", "/api/endpoints", "/api/models"].map(async (path) => fieldsOf(await ask(path))),
    );
    const choice = chosenForSomebodyNew(config, endpoints, models);
    if ("fault" in choice) return failed(choice.fault, choice.fix);
    const { endpoint, model, message } = choice;
    const begun = await ask(`/api/agents/chat/${encodeURIComponent(endpoint)}`, {
      body: {
        ...message,
        text: `Say hello to ${word}`,
        messageId: randomUUID(),
        // LibreChat's own for a message that answers none.
        parentMessageId: "00000000-0000-0000-0000-000000000000",
        conversationId: null,
      },
    });
    const { streamId, conversationId } = fieldsOf(begun);
    const chosen = `${model} of ${endpoint}, which the page chooses for somebody new,`;
    if (typeof streamId !== "string" || typeof conversationId !== "string") {
      return failed(`${chosen} is not asked: /api/agents/chat/${endpoint} answers ${said(begun)}`, logs);
    }
    conversation = conversationId;
    const stream = await ask(`/api/agents/chat/stream/${streamId}`, { timeoutMs: completionMs });
    const end = endOfStream(stream.text);
    if ("fault" in end) return failed(`${chosen} did not answer: ${end.fault}`, logs);
    if (end.model !== model)
      return failed(`${chosen} was asked, and ${end.model ?? "no model that is named"} answered`, logs);
    if (!end.text.trim()) return failed(`${chosen} answered nothing`, logs);
    isAnswered = true;
    return passed(`${chosen} answered`);
  });

  const title = answered("title", async ({ ask }, { run, logs }, id) => {
    // LibreChat waits 15 s for one each time.
    for (let tries = 0; tries < 4; tries++) {
      const { title: written } = fieldsOf(await ask(`/api/convos/gen_title/${id}`, { timeoutMs: 30_000 }));
      if (typeof written === "string" && written !== "New Chat") return passed("the conversation has one");
    }
    const asksForNone = await run({ command: ["grep", "-q", "titleConvo: true", "/app/librechat.yaml"] });
    return asksForNone.exitCode === 0
      ? failed("the conversation has none", logs)
      : notChecked("no endpoint makes any (titleConvo)");
  });

  const search = answered("search", async ({ ask }, { run, logs }, id) => {
    if ((await ask("/api/search/enable")).text !== "true") {
      const { stdout } = await run({ command: ["node", "-e", "console.log(process.env.SEARCH)"] });
      return stdout.trim() === "true"
        ? failed("SEARCH is on, and its Meilisearch does not answer", logs)
        : notChecked("it is off (SEARCH)");
    }
    // It is indexed beside the answer.
    for (let tries = 0; tries < 20; tries++) {
      const { messages } = fieldsOf(await ask(`/api/messages?search=${word}`));
      const isIt = (one: unknown): boolean => isMap(one) && one.conversationId === id;
      if (Array.isArray(messages) && messages.some(isIt)) return passed("the message is found");
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    return failed("the message is not found", logs);
  });

  const size = `applications.${name}.storage`;
  return {
    arrive,
    questions: [
      firstMessage,
      title,
      loggedIn("document", (one, deployed) => uploadDocument(one, deployed, word, `${size}.uploads`)),
      loggedIn("image", (one, deployed) => uploadImage(one, deployed, `${size}.images`)),
      ...(own.features.fileSearch
        ? [loggedIn("file search", (one, deployed) => uploadForSearch(one, deployed, word))]
        : []),
      search,
    ],
    leave: {
      name: "leaves nothing",
      ask: async ({ run }) => {
        if (!making) return notChecked("nobody was made");
        // Who is being made is deleted afterwards.
        await making.catch(() => undefined);
        // An answer under way would be written for somebody who is gone; who is not there to be asked writes none.
        if (visitor && conversation !== undefined && !isAnswered) {
          const body = { conversationId: conversation };
          await visitor.ask("/api/agents/chat/abort", { body }).catch(() => undefined);
        }
        try {
          await librechatUsers.delete(run, email);
        } catch (error) {
          if (error instanceof NoSuchUserError) return notChecked("nobody was made");
          if (error instanceof SettingsError)
            return failed(error.found ?? error.message, error.next ?? `npm run users -- delete ${email}`);
          throw error;
        }
        return passed("who was made is deleted, with conversation and files");
      },
      fix: () => `npm run users -- delete ${email}`,
    },
  };
}

/** By what else than a password that LibreChat keeps its users log in, if by nothing else. */
function otherLogin(config: unknown): string | undefined {
  if (valueAt(config, ["ldap", "enabled"]) === true) return "LDAP";
  if (valueAt(config, ["emailLoginEnabled"]) !== false) return undefined;
  return valueAt(config, ["openidLoginEnabled"]) === true ? "OpenID" : "another service";
}
