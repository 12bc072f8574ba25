import { gunzipSync, gzipSync } from "node:zlib";
import type execa from "execa";
import type { Clone } from "../clone";
import { echoChart } from "./cluster";

/** Kills Helm in the middle of an install or upgrade that waits for its pods. The nodes must be tainted. */
export async function killedRelease(clone: Clone, name: string, args: readonly string[] = []): Promise<void> {
  const helm = clone.helm(
    ...["upgrade", "--install", name, echoChart, "--namespace", name, "--create-namespace", "--wait"],
    // Another image: the pods have to be made anew.
    ...["--reset-values", "--set", "image=registry.example/echo:2.0", ...args],
  );
  const ended = helm.catch((error: execa.ExecaError) => error);
  await clone.pending(name);
  helm.kill("SIGKILL");
  await ended;
}

/** Makes a pending revision look as old as if its deployer had been killed that long ago: nobody waits half an hour. */
export async function aged(clone: Clone, name: string, seconds: number): Promise<void> {
  const revision = (await clone.history(name)).at(-1)?.revision;
  const secret = `sh.helm.release.v1.${name}.v${revision}`;
  const { data } = await clone.get("secret", secret, "--namespace", name);
  const text = Buffer.from(data?.release ?? "", "base64").toString();
  const release = JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString()) as {
    info: { last_deployed: string };
  };
  release.info.last_deployed = new Date(Date.now() - seconds * 1000).toISOString();
  const written = Buffer.from(gzipSync(JSON.stringify(release)).toString("base64")).toString("base64");
  await clone.kubectl(
    ...["patch", "secret", secret, "--namespace", name, "--type", "merge"],
    ...["--patch", JSON.stringify({ data: { release: written } })],
  );
}
