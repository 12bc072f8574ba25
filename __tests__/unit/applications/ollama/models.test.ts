import execa from "execa";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { skippedUnless } from "../../../skipped-unless";
import { repository, temporaryDirectory } from "../../sample-repository";

// What of a pull cannot be caused with a real server, such as a volume that is full, in the words that Ollama has for it.
const linuxTest = skippedUnless(process.platform === "linux", "Ollama's image has the tools of GNU");

// Between tries it waits for seconds.
jest.setTimeout(60_000);

/** How a server ends a pull. */
type Pull = { readonly error: string } | { readonly status: "success" };
/** What it sends before. */
const half = { status: "pulling 1", digest: "sha256:1", total: 40_000_000_000, completed: 20_000_000_000 };

/** Has a server that lists no model pull one, and ends all its pulls in one way. */
async function pulled(end: Pull) {
  const pulls: string[] = [];
  const server = http.createServer(async (request, response) => {
    if (request.url !== "/api/pull") return response.end('{"models":[]}');
    pulls.push(await text(request));
    return response.end(`${JSON.stringify(half)}\n${JSON.stringify(end)}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const folder = temporaryDirectory();
    fs.writeFileSync(path.join(folder, "pull"), "big:70b\n");
    for (const name of ["insecure", "make"]) fs.writeFileSync(path.join(folder, name), "");
    const script = path.join(repository, "applications/ollama/models.sh");
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { exitCode, stdout } = await execa("bash", [script, address, folder], { reject: false });
    return { exitCode, lines: stdout.split("\n"), pulls };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

for (const [error = "", message] of [
  [
    "write /models/blobs/sha256-1-partial: no space left on device",
    "big:70b has no room on the volume: write /models/blobs/sha256-1-partial: no space left on device",
  ],
  [
    "pull model manifest: 412: The model you are attempting to pull requires a newer version of Ollama.",
    "big:70b needs a newer Ollama: pull model manifest: 412: The model you are attempting to pull requires a newer version of Ollama.",
  ],
]) {
  linuxTest(`a pull that ends with ${error} ends the deploy at once, with the model`, async () => {
    expect(await pulled({ error })).toEqual({
      exitCode: 1,
      lines: ["big:70b: 50 % of 40000 MB", message],
      pulls: ['{"model":"big:70b","insecure":false}'],
    });
  });
}

linuxTest(
  "a pull that comes no further is given up, though each try has what the one before it had",
  async () => {
    const { exitCode, lines, pulls } = await pulled({ error: "max retries exceeded: unexpected EOF" });
    expect([exitCode, lines.pop()]).toEqual([
      1,
      "big:70b cannot be pulled: max retries exceeded: unexpected EOF",
    ]);
    expect(pulls).toHaveLength(4);
  },
);

linuxTest("a model that is listed under another name once it is pulled ends the deploy", async () => {
  const { exitCode, lines } = await pulled({ status: "success" });
  expect([exitCode, lines.pop()]).toEqual([
    1,
    "big:70b is pulled, and Ollama does not list it under this name: npm run verify says what it lists",
  ]);
});
