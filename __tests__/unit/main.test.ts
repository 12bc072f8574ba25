import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { generated } from "../credentials";
import { repository, temporaryDirectory } from "./sample-repository";
import { textsOf } from "./texts-of";

// A process takes a second of its own, and more where others keep the machine busy.
jest.setTimeout(60_000);

/** Runs the program as cdktf.json says, into a directory of its own, where neither Terraform nor anything else is on PATH. */
async function runMain(variables: { readonly [name: string]: string }) {
  const outdir = path.join(temporaryDirectory(), "cdktf.out");
  const env = { PATH: "/nowhere", CDKTF_OUTDIR: outdir, ...variables };
  const running = promisify(execFile)(
    process.execPath,
    ["--require", "./operations/typescript.cjs", "main.ts"],
    {
      cwd: repository,
      env,
    },
  );
  const result = await running.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );
  return { ...result, outdir };
}

// Each takes a second: they run side by side.
const sentinel = "0123456789abcdef";
const withCredentials = runMain(
  Object.fromEntries(
    generated.map(({ variable, bytes }) => [`TF_VAR_${variable}`, sentinel.repeat(bytes / 8)]),
  ),
);
const withMistake = runMain({ ENVIRONMENT: "minicube" });

test("a credential in the program's environment is in no file that it writes", async () => {
  const { code, stdout, stderr, outdir } = await withCredentials;
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
  const written = textsOf(outdir);
  expect(Object.keys(written)).toEqual([
    "manifest.json",
    "stacks/foundation/.terraform.lock.hcl",
    "stacks/foundation/cdk.tf.json",
    "stacks/llm-apps/.terraform.lock.hcl",
    "stacks/llm-apps/cdk.tf.json",
    "warnings.json",
  ]);
  for (const [file, text] of Object.entries(written)) {
    expect({ file, found: text.includes(sentinel) }).toEqual({ file, found: false });
  }
});

test("fails with one line and no stack trace on a mistake of the user's", async () => {
  const { code, stdout, stderr } = await withMistake;
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: "",
    stderr:
      'environment "minicube": unknown, did you mean minikube? (there are: minikube, minikube-cpu, production, sandbox; each is a file in environments/)\n',
  });
});
