import { createHash } from "node:crypto";
import net from "node:net";
import { OperationError } from "../errors/operation-error";
import { PORT_NAMES, type SandboxPorts } from "./sandbox-directory";

// Below the range from which systems take the ports of outgoing connections (Linux: 32768 and up), so
// that no connection takes a port of ours while the sandbox is stopped.
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

/**
 * Ports that nothing listens on.
 *
 * @param seed where to begin looking depends on it, so that two sandboxes that start at the same
 * moment do not find the same ports free
 * @throws OperationError when there are not enough
 */
export async function freePorts(seed: string): Promise<SandboxPorts> {
  const range = LAST_PORT - FIRST_PORT;
  const start = createHash("sha256").update(seed).digest().readUInt32BE(0) % range;
  const ports: number[] = [];
  for (let step = 0; step < range; step++) {
    const port = FIRST_PORT + ((start + step) % range);
    if (await isFree(port)) ports.push(port);
    if (ports.length < PORT_NAMES.length) continue;
    return Object.fromEntries(PORT_NAMES.map((name, i) => [name, ports[i]])) as SandboxPorts;
  }
  throw new OperationError(
    `the sandbox needs ${PORT_NAMES.length} free ports between ${FIRST_PORT} and ${LAST_PORT} on 127.0.0.1, found ${ports.length}: ` +
      "end some of the programs that listen there",
  );
}

/**
 * Waits until nothing listens on the ports of a sandbox whose processes were ended: a killed process
 * disappears a moment before the kernel has closed its sockets.
 *
 * @throws OperationError when one is still taken after five seconds, by somebody else then
 */
export async function waitForPorts(ports: readonly number[]): Promise<void> {
  const deadline = performance.now() + 5000;
  for (const port of ports) {
    while (!(await isFree(port))) {
      if (performance.now() > deadline) {
        throw new OperationError(
          `port ${port} of the sandbox is taken by another program: end that program, ` +
            "or let the sandbox take other ports with `npm run down` and `npm run up`",
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
