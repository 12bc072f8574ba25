import { Option } from "@commander-js/extra-typings";
import { loadSettings } from "../../applications/load-settings";
import { addresses, everyIngress } from "../verify/addresses";
import { jsonReport, textReport } from "../verify/report";
import { goOnUnheard, interruptible } from "../terminal/interruption";
import { allPassed, type Verification } from "../verify/verification";
import { verify } from "../verify/verify";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";
import { print, write } from "../terminal/print";

export const command = environmentCommand(
  "verify",
  "whether the deployed platform does its work: each release answers what its application asks of it",
)
  .addOption(
    new Option(
      "--url [address]",
      "ask through the ingress of each release that has one; with RELEASE=ADDRESS, which may be given more than once, " +
        "that release there. Default: port-forwards",
    )
      .preset(everyIngress)
      .argParser((value: string, before: readonly string[] = []) => [...before, value]),
  )
  .option("--no-chat", "make nobody who logs in, chats and uploads, and is deleted again")
  .option("--no-backups", "leave out whether the last backup of a schedule succeeded")
  .option("--json", "answer in JSON")
  .addHelpText(
    "after",
    "\nexit code: 0 nothing failed, 1 something did; what could not be asked is shown as not checked",
  )
  .action(async ({ environment: name, url = [], chat, backups, json }) => {
    const { environment } = loadSettings(repository, { ...process.env, ENVIRONMENT: name });
    const ask = async (signal?: AbortSignal): Promise<Verification[]> => {
      const asked = await verify({
        root: repository,
        environment,
        addresses: addresses(environment, url),
        visits: chat,
        backups,
        signal,
      });
      write((json ? jsonReport : textReport)(asked, environment.name));
      return asked;
    };
    if (chat) goOnUnheard();
    const say = json ? (line: string) => write(`${line}\n`, process.stderr) : print;
    const checks = chat
      ? await interruptible(say, async ({ signal, orInterrupted }) =>
          orInterrupted(Promise.resolve(await ask(signal)), "what is above was asked, and nothing else"),
        )
      : await ask();
    process.exitCode = allPassed(checks) ? 0 : 1;
  });
