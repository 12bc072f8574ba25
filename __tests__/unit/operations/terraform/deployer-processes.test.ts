import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { deployerProcesses, deployersText } from "../../../../operations/terraform/deployer-processes";
import { temporaryDirectory } from "../../sample-repository";

const root = temporaryDirectory();
const terraform = path.join(root, "terraform");
const socket = path.join(root, "socket");
const held: net.Socket[] = [];
const server = net.createServer((connection) => held.push(connection)).listen(socket);

beforeAll(() => fs.symlinkSync(process.execPath, terraform));
afterAll(() => {
  for (const connection of held) connection.destroy();
  server.close();
});

/** Runs something by the name of Terraform as long as this test does. @returns where */
async function running(folder: string, program: string, ...args: readonly string[]): Promise<string> {
  const directory = path.join(root, folder);
  fs.mkdirSync(directory, { recursive: true });
  const script = `require("node:net").connect(${JSON.stringify(socket)}).on("close", () => process.exit()).resume();`;
  fs.writeFileSync(path.join(directory, "apply"), script);
  const child = spawn(program, args, { cwd: directory, stdio: "ignore" });
  const begun = once(server, "connection");
  // A shell that begins it and ends leaves it behind, as a deploy does that was killed.
  if (program === "sh") await once(child, "exit");
  await begun;
  return directory;
}

const orphaned = (folder: string) => running(folder, "sh", "-c", '"$0" apply &', terraform);

test("what goes on of a deploy is found where the environment's stacks are, and told with process and time", async () => {
  const began = Date.now();
  const own = await orphaned("cdktf.out/minikube/stacks/foundation");
  const bare = await orphaned("cdktf.out/stacks/llm-apps");
  await orphaned("cdktf.out/production/stacks/foundation");
  await running("cdktf.out/minikube/stacks/llm-apps", terraform, "apply");
  const context = { root, environment: { name: "minikube" }, variables: {} };
  const found = (await deployerProcesses(context)) ?? [];
  expect(found.map(({ directory }) => directory).sort()).toEqual([own, bare].sort());
  for (const one of found) {
    // The kernel counts from a second that it does not tell the fractions of.
    expect(Math.abs(one.since.getTime() - began)).toBeLessThan(60_000);
    expect(deployersText([one])).toMatch(
      new RegExp(`^terraform apply \\(process ${one.pid}, since \\d{4}-\\S+Z\\)$`),
    );
  }
  const elsewhere = { ...context, root: path.join(root, "another") };
  expect(await deployerProcesses(elsewhere)).toEqual([]);
  expect(
    (await deployerProcesses({ ...elsewhere, variables: { CDKTF_OUTDIR: path.join(root, "cdktf.out") } }))
      ?.length,
  ).toBe(1);
});
