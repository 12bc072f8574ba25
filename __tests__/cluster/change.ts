import { recorded } from "../../operations/deploy/recorded";
import { repository } from "../../operations/command-line/repository";
import { loadEnvironment } from "../../applications/load-environment";
import { runCommand } from "../../operations/command-line/run-command";
import { handleInterruptions } from "../../operations/terminal/interruption";
import { Command } from "@commander-js/extra-typings";

// A change under the lock, recorded, without Terraform: it ends when a line comes in, and fails when the line says so.
const command = new Command().argument("<seconds>").action((seconds: string) =>
  recorded(
    {
      root: repository,
      environment: loadEnvironment(repository, "sandbox", process.env),
      action: "deploy",
      waitMs: Number(seconds) * 1000,
      say: (line) => process.stdout.write(`${line}\n`),
    },
    async ({ orInterrupted }) => {
      process.stdout.write("begun\n");
      const answer = await orInterrupted(
        new Promise<string>((resolve) => process.stdin.once("data", resolve)),
      );
      process.stdin.destroy();
      if (String(answer).trim() === "fail") throw new Error("it went wrong\nin two lines");
      return { result: String(answer).trim() === "nothing" ? "no changes" : "succeeded" };
    },
  ),
);
handleInterruptions();
void runCommand(command, process.argv.slice(2));
