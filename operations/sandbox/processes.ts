import { OperationError } from "../errors/operation-error";
import { type RunningProcess, runningProcesses, signalProcess } from "../terminal/running-processes";

/**
 * The processes that belong to a sandbox directory: those whose program lies in it, and the model
 * server's runners, which are told a model file in it.
 *
 * Found by command line and not by pid file: a pid file can be missing after a crash, or name a
 * stranger's process after a restart of the machine. A shell, an editor or a `tail -f` that only
 * mentions the directory is none of ours.
 *
 * @param directory absolute, without symbolic links
 */
export async function processesOf(directory: string): Promise<RunningProcess[]> {
  const processes = await runningProcesses();
  return processes.filter(
    ({ command }) => command.startsWith(`${directory}/`) || command.includes(` runner --model ${directory}/`),
  );
}

/**
 * Ends processes, hard, and waits until they are gone.
 *
 * @param find answers which are left; it is asked again and again, so that what one of them started in
 * the meantime is ended too
 * @returns how many there were
 * @throws OperationError when some are still there after five seconds
 */
export async function endProcesses(find: () => Promise<RunningProcess[]>): Promise<number> {
  const ended = new Set<number>();
  const deadline = performance.now() + 5000;
  for (;;) {
    const left = await find();
    if (left.length === 0) return ended.size;
    if (performance.now() > deadline) {
      const names = left.map(({ pid, command }) => `${pid} (${command.split(" ")[0]})`).join(", ");
      throw new OperationError(
        `processes of the sandbox do not end: ${names}; end them by hand and try again`,
      );
    }
    for (const { pid } of left) {
      signalProcess(pid, "SIGKILL");
      ended.add(pid);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
