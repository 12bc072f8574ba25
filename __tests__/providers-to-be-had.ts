import execa from "execa";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { findProgram } from "../operations/sandbox/toolchain";

/** Why an engine cannot be had here with providers of hashicorp's at these versions; undefined where it can. */
export function engineFault(
  program: string,
  providers: { readonly [name: string]: string },
): string | undefined {
  if (!findProgram(program, process.env)) return `${program} not on PATH`;
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), `llm-platform-init-${process.pid}-`));
  try {
    fs.writeFileSync(
      path.join(cwd, "main.tf.json"),
      JSON.stringify({ terraform: { required_providers: sourced(providers) } }),
    );
    const { exitCode } = execa.sync(program, ["init", "-input=false"], {
      cwd,
      env: { TF_REGISTRY_DISCOVERY_RETRY: "0", TF_REGISTRY_CLIENT_TIMEOUT: "5", CHECKPOINT_DISABLE: "1" },
      reject: false,
    });
    const wanted = Object.entries(providers).map(([name, version]) => `hashicorp/${name} ${version}`);
    return exitCode === 0 ? undefined : `${program} has no ${wanted.join(" and ")} to be had`;
  } finally {
    fs.rmSync(cwd, { recursive: true });
  }
}

function sourced(providers: { readonly [name: string]: string }) {
  return Object.fromEntries(
    Object.entries(providers).map(([name, version]) => [name, { source: `hashicorp/${name}`, version }]),
  );
}
