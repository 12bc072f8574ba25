import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { version } from "@kubernetes/client-node/package.json";

const load = createRequire(__filename);

type Library = typeof import("@kubernetes/client-node");

/** The files of the library that are used here, with what is used of each. */
interface Used {
  readonly config: Pick<Library, "KubeConfig">;
  readonly portforward: Pick<Library, "PortForward">;
  readonly exec: Pick<Library, "Exec">;
}

/** Stands for a package until one of its functions is called. */
const whenCalled = (name: string, functions: readonly string[]): string =>
  [
    'const load = require("module").createRequire(require.resolve("../../../../../@kubernetes/client-node/package.json"));',
    // What is called with new has that very object made by the function that it stands for.
    ...functions.map(
      (called) => `exports.${called} = function (...args) {
  const { ${called}: real } = load("${name}");
  return new.target ? new real(...args) : real(...args);
};`,
    ),
  ].join("\n");

/** What stands in the place of what the library would load besides. */
const files = {
  "dist/gen/index.js": "export const createConfiguration = undefined, ServerConfiguration = undefined;",
  // What it answers of a kubeconfig for `fetch`, which nobody asks for.
  "node_modules/node-fetch/index.js": "exports.Headers = undefined;",
  // For those who log in by OpenID, by a program of a cloud, or through a SOCKS proxy.
  "node_modules/openid-client/index.js": whenCalled("openid-client", ["discovery", "refreshTokenGrant"]),
  "node_modules/jsonpath-plus/index.js": whenCalled("jsonpath-plus", ["JSONPath"]),
  "node_modules/socks-proxy-agent/index.js": whenCalled("socks-proxy-agent", ["SocksProxyAgent"]),
};

/** What is kept is of this version of the library, and of what stands in here. */
const revision = `${version}-${createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 8)}`;

/**
 * The Kubernetes library without its clients, of which it has one for each kind of object, and loads all: a quarter of a second
 * and 60 MB for what {@link KubernetesApi} does without; nor does it load what few kubeconfigs ask for. The rest of it is copied
 * to where compiled sources are kept, too.
 */
export function kubernetesClient<File extends keyof Used>(file: File): Used[File] {
  const installed = path.dirname(load.resolve("@kubernetes/client-node/package.json"));
  const cache = path.join(installed, "..", "..", ".cache", "llm-platform");
  const kept = path.join(cache, `kubernetes-client-${revision}`);
  if (!fs.existsSync(kept) && !copied(installed, kept)) return load("@kubernetes/client-node") as Library;
  return load(path.join(kept, "dist", `${file}.js`)) as Used[File];
}

/** @returns whether that was possible: where nothing can be written all of it is loaded */
function copied(installed: string, kept: string): boolean {
  // Whole or not at all: two processes may need it at once.
  const making = `${kept}.${process.pid}`;
  try {
    const isUsed = (file: string): boolean => !/\/gen$|\.(d\.ts|map|md)$/.test(file);
    fs.cpSync(installed, making, { recursive: true, filter: isUsed });
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(making, file)), { recursive: true });
      fs.writeFileSync(path.join(making, file), text);
    }
    fs.renameSync(making, kept);
  } catch {
    fs.rmSync(making, { recursive: true, force: true });
  }
  return fs.existsSync(kept);
}
