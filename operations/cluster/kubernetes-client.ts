import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { version } from "@kubernetes/client-node/package.json";

const load = createRequire(__filename);

type Client = Pick<typeof import("@kubernetes/client-node"), "KubeConfig" | "PortForward" | "Exec">;

/** What of the library is used here, and what stands in the place of what it would load besides. */
const files = {
  "index.js": ["config", "portforward", "exec"].map((file) => `export * from "./${file}.js";`).join("\n"),
  "gen/index.js": "export const createConfiguration = undefined, ServerConfiguration = undefined;",
};

/**
 * The Kubernetes library without its clients, of which it has one for each kind of object, and loads all: a quarter of a second
 * and 60 MB for what {@link KubernetesApi} does without. The rest of it is copied to where compiled sources are kept, too.
 */
export function kubernetesClient(): Client {
  const installed = path.dirname(load.resolve("@kubernetes/client-node/package.json"));
  const cache = path.join(installed, "..", "..", ".cache", "llm-platform");
  const kept = path.join(cache, `kubernetes-client-${version}`);
  if (!fs.existsSync(kept) && !copied(installed, kept)) return load("@kubernetes/client-node") as Client;
  return load(path.join(kept, "dist", "index.js")) as Client;
}

/** @returns whether that was possible: where nothing can be written all of it is loaded */
function copied(installed: string, kept: string): boolean {
  // Whole or not at all: two processes may need it at once.
  const making = `${kept}.${process.pid}`;
  try {
    const isUsed = (file: string): boolean => !/\/gen$|\.(d\.ts|map|md)$/.test(file);
    fs.cpSync(installed, making, { recursive: true, filter: isUsed });
    fs.mkdirSync(path.join(making, "dist", "gen"));
    for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(making, "dist", file), text);
    fs.renameSync(making, kept);
  } catch {
    fs.rmSync(making, { recursive: true, force: true });
  }
  return fs.existsSync(kept);
}
